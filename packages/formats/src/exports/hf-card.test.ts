import { expect, test } from "vitest"
import { hfCard } from "./hf-card.ts"

const facts = { createdAt: "2026-01-02T03:04:05.678Z", runId: "r", swirlVersion: "0.0.0" }
const file = (benchmark: string, split: string, license?: string) => ({
  benchmark,
  split,
  license,
  name: `${benchmark}/${split}.parquet`,
  rows: 2,
})
const card = (...files: ReturnType<typeof file>[]): string => hfCard({ files, policies: ["p"], judges: [], facts })

test("a licence that the hub knows is named as it names it, any other in its own words", () => {
  expect(card(file("a", "test", "CC BY-SA 4.0"))).toContain("\nlicense: cc-by-sa-4.0\n")
  expect(card(file("a", "test", "MIT"), file("b", "test"))).toContain(
    '\nlicense: other\nlicense_name: "MIT; not stated"\n',
  )
})

test("a configuration a benchmark, splits by names that are allowed", () => {
  expect(card(file("a", "test-new", "MIT"), file("b", "dev", "MIT"), file("a", "test", "MIT"))).toContain(
    [
      "configs:",
      "- config_name: a",
      "  data_files:",
      "  - split: test_new",
      "    path: a/test-new.parquet",
      "  - split: test",
      "    path: a/test.parquet",
      "- config_name: b",
      "  data_files:",
      "  - split: dev",
      "    path: b/dev.parquet",
      "---",
    ].join("\n"),
  )
  expect(card(file("a|b", "test", "MIT"))).toContain("| a\\|b | test (here: test) | 2 | MIT |")
  expect(card(file("a", "test", "MIT"))).toContain("none: no step has a verdict")
})
