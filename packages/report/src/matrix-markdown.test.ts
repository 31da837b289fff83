import fc from "fast-check"
import { expect, test } from "vitest"
import { fullMatrix } from "../test/full-matrix.ts"
import { reportMatrix } from "./matrix-facts.ts"
import { matrixMarkdown } from "./matrix-markdown.ts"

/** Cells of the tables as a reader of GitHub's Markdown sees them, a list a table. */
const tables = (page: string): string[][][] =>
  page
    .split(/\n\n/)
    .filter((block) => block.startsWith("|"))
    .map((block) =>
      block
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(2, -2).split(/(?<!\\)(?:\\\\)* \| /)),
    )

const page = matrixMarkdown("A title", reportMatrix(fullMatrix))

test("every table of the matrix, with its title, and as many cells in every line as columns", () => {
  expect(page.match(/^#+ .*$/gm)).toEqual([
    "# A title",
    "## Checkpoints against the base",
    "## Trainings over their seeds",
    "## Contrasts declared before the run",
    "## Budgets",
    "## Cells",
    "## Published numbers, not measured here",
  ])
  for (const [names, , ...lines] of tables(page)) {
    for (const line of lines) expect(line).toHaveLength(names!.length)
  }
  expect(page).toContain("| calc/test | base | 23.0 |  |  | 18.6 to 28.1 (accuracy) |")
  expect(page).toContain("| swirl-calc-process #7 | 70.7 | ▲ |")
})

test("a name stays in its cell and is no markup", () => {
  expect(page).toContain("=1+1\\|a\\_b%c&amp;d#e\\$f{g}^h\\~i\\\\j&lt;b&gt;k&lt;/b&gt;\"l\"\\`m\\`\\*n\\*\\[o\\]--'p'")
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
      const made = matrixMarkdown(name, {
        columns: [name],
        rows: [{ name, kind: "reference", outcome: name, cells: {} }],
      })
      expect(made).not.toMatch(/[<>]/)
      const [[names, , line]] = tables(made) as [string[][]]
      expect(line).toHaveLength(names!.length)
    }),
  )
})
