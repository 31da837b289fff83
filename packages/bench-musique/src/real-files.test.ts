import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { testHost } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { musique, scoreFiles } from "./index.ts"

const host = testHost()
const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
const shared = fileURLToPath(new URL("../../../../shared/data/musique", import.meta.url))
const present = existsSync(shared)
if (!present) console.warn(`skipped: ${shared} is not there`)
describe.skipIf(!present)("the real files (skipped where ../shared/data is not)", () => {
  it("MuSiQue-Ans dev, 200 records: 3,141 paragraphs", async () => {
    const tasks = await all(
      musique().benchmarks.musique.load("dev", { host, dataPath: join(shared, "raw/migres_ans_dev_200.json") }),
    )
    expect(tasks).toHaveLength(200)
    expect(await all(tasks[0]!.corpus.passages() as AsyncIterable<unknown>)).toHaveLength(3141)
  })
  it("dev gold, 2,417: its own answers score 1", async () => {
    const gold = await readFile(join(shared, "derived/musique_ans_dev_2417_gold_for_scoring.jsonl"), "utf8")
    const records = gold
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const predictions = records.map(({ id, answer, paragraphs }) => ({
      id,
      predicted_answer: answer,
      predicted_support_idxs: (paragraphs as { idx: number }[]).map(({ idx }) => idx),
      predicted_answerable: true,
    }))
    const report = scoreFiles(gold, predictions.map((line) => JSON.stringify(line)).join("\n"))
    expect(report.metrics).toEqual({ answer_f1: 1, answer_em: 1, support_f1: 1 })
    expect(report.items).toHaveLength(2417)
  })
})
