import { beside, changeInterval, leftOutOfQuestions, percent, points, sizeColumns } from "@swirl-ts/report"
import { type ComparedCell, compareAllCells } from "@swirl-ts/stages"
import { temperaturePair } from "../options/values.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "compare",
  description: "two evaluations on the same questions, paired, with intervals",
  arguments: {
    a: { help: "a run folder, its folder eval/<policy> where it has several, or one .jsonl file of that" },
    b: { help: "the same for the other policy" },
  },
  options: {
    temperatures: {
      value: "<a,b>",
      help: "compare cells of a at the one temperature with cells of b at the other, e.g. 0,1: greedy against sampled",
      parse: temperaturePair,
    },
  },
  async run({ registry, seed }, { a, b, temperatures }) {
    return { a, b, ...(await compareAllCells(registry, a, b, seed, temperatures)) }
  },
  document: ({ onlyInA, onlyInB, ...rest }) => ({
    ...rest,
    onlyInA: onlyInA.length > 0 ? onlyInA : undefined,
    onlyInB: onlyInB.length > 0 ? onlyInB : undefined,
  }),
  text({ cells, onlyInA, onlyInB }) {
    const [sizes, sizeOf] = sizeColumns(cells.map(({ result }) => result))
    return [
      ...table([
        ["cell", "a", "b", "change", "95 % interval", "p", ...sizes],
        ...cells.map((compared) => {
          const { base, result } = compared
          return [
            nameOf(compared),
            percent(base.accuracy),
            percent(result.accuracy),
            points(result.change.value),
            changeInterval(result.change),
            result.change.p.toPrecision(2),
            ...sizeOf(result),
          ]
        }),
      ]),
      ...cells.flatMap(notes),
      ...onlyInA.map((cell) => `  ${cell}: only in a, not compared`),
      ...onlyInB.map((cell) => `  ${cell}: only in b, not compared`),
    ]
  },
})

const nameOf = ({ cell, against }: ComparedCell): string => (against ? `${cell} against ${against}` : cell)

/** What the numbers of a line are not over, and what they count without an answer. */
function notes(compared: ComparedCell): string[] {
  const { base, result } = compared
  return [
    ...leftOutOfQuestions(result.leftOut!),
    ...beside(base).map((said) => `a: ${said}`),
    ...beside(result).map((said) => `b: ${said}`),
  ].map((note) => `  ${nameOf(compared)}: ${note}`)
}
