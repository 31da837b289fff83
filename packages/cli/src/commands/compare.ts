import { SwirlError } from "@swirl-ts/core"
import { interval, percent, points } from "@swirl-ts/report"
import { compareEvaluations } from "@swirl-ts/stages"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "compare",
  description: "two evaluations on the same questions, paired, with intervals",
  arguments: {
    a: { help: "folder eval/<policy> of a run, or one of its .jsonl files" },
    b: { help: "the same for the other policy" },
  },
  async run({ registry, seed }, { a, b }) {
    const cells = await compareEvaluations(registry, a, b, seed)
    if (cells.length === 0) throw new SwirlError(`${a} and ${b} share no benchmark and split to compare.`)
    return { a, b, cells }
  },
  text: ({ cells }) =>
    table([
      ["cell", "a", "b", "change", "95 % interval", "p", "n"],
      ...cells.map(({ cell, base, result }) => [
        cell,
        percent(base.accuracy),
        percent(result.accuracy),
        points(result.change.value),
        interval(result.change.ci, points),
        result.change.p.toPrecision(2),
        String(result.n),
      ]),
    ]),
})
