import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { check } from "../recount/check.ts"
import { differenceOf, pagesOf } from "./page.ts"

const root = join(import.meta.dirname, "../..")

describe.each(readdirSync(join(root, "studies")))("the committed study %s", (name) => {
  const study = `studies/${name}`

  test("has every figure that its records give, and a page that says them", () => {
    const lines: string[] = []
    expect(
      check(join(root, study), (line) => lines.push(line)),
      lines.join("\n"),
    ).toBe(0)
    expect(lines.join("\n")).toMatch(
      /[1-9]\d* figures and \d+ texts recomputed from the records: 0 different, 0 unknown/,
    )
    const pages = pagesOf(join(root, "docs"), study)
    expect(pages).toHaveLength(1)
    expect(pages.flatMap((page) => differenceOf(page, study, join(root, study)) ?? [])).toEqual([])
  }, 60_000)
})
