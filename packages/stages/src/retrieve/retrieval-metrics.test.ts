import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { readQuestionFile } from "./question-file.ts"
import { retrievalMetrics } from "./retrieval-metrics.ts"
import { rankingsOf } from "./retrieval-questions.ts"

test("metrics are those of the definitions, inside their intervals", () => {
  const ranked = [
    ["a", "x", "b"],
    ["x", "y"],
    ["x", "x", "x", "x", "x", "c"],
  ]
  const metrics = retrievalMetrics(ranked, [["a", "b"], ["z"], ["c"]])
  const values = Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]))
  expect(values).toEqual({
    "recall@2": expect.closeTo(0.5 / 3),
    "full@2": 0,
    "any@2": expect.closeTo(1 / 3),
    "recall@5": expect.closeTo(1 / 3),
    "full@5": expect.closeTo(1 / 3),
    "any@5": expect.closeTo(1 / 3),
    "recall@10": expect.closeTo(2 / 3),
    "full@10": expect.closeTo(2 / 3),
    "any@10": expect.closeTo(2 / 3),
    "mrr@10": expect.closeTo((1 + 1 / 6) / 3),
  })
  for (const { value, ci } of Object.values(metrics)) {
    expect(ci[0]).toBeLessThanOrEqual(value)
    expect(ci[1]).toBeGreaterThanOrEqual(value)
  }
})

test("rankings that are all perfect are not certain to be: the interval of a mean is that of the share", () => {
  const metrics = retrievalMetrics([["a"], ["b"], ["c"]], [["a"], ["b"], ["c"]])
  // scipy.stats.binomtest(3, 3).proportion_ci(method="wilson")
  for (const name of ["recall@2", "mrr@10", "full@2"])
    expect(metrics[name]).toEqual({ value: 1, ci: [expect.closeTo(0.4385029682, 9), 1] })
})

const published = fileURLToPath(
  new URL("../../../../../shared/data/hotpotqa/preds/xinowo_bm25_results_dev_first500.csv", import.meta.url),
)
test.skipIf(!existsSync(published))("a published baseline's own rankings give its published figures", async () => {
  const rows = rankingsOf(published, await readQuestionFile(published), "pooled")
  expect(rows).toHaveLength(500)
  const metrics = retrievalMetrics(
    rows.map(({ retrieved }) => retrieved!),
    rows.map(({ goldTitles }) => goldTitles),
  )
  const figures = ["full@2", "full@5", "full@10", "any@5", "recall@5", "mrr@10"].map((name) =>
    metrics[name]!.value.toFixed(3),
  )
  expect(figures).toEqual(["0.140", "0.302", "0.500", "0.874", "0.588", "0.751"])
})
