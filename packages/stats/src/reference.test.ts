import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { largestDifference, type ReferenceCase } from "../test/reference.ts"

const { cases } = JSON.parse(readFileSync(new URL("../fixtures/reference.json", import.meta.url), "utf8")) as {
  cases: ReferenceCase[]
}

describe("every statistic is what SciPy or statsmodels gives (scripts/make-reference.py)", () => {
  const names = [...new Set(cases.map(({ statistic }) => statistic))]
  it.each(names)(
    "%s",
    (name) => {
      for (const each of cases.filter(({ statistic }) => statistic === name))
        expect([each.given, largestDifference(each) <= each.tolerance]).toEqual([each.given, true])
    },
    120_000,
  )
})
