import fc from "fast-check"
import { expect, test } from "vitest"
import { fullMatrix } from "../test/full-matrix.ts"
import { latexText } from "./latex-text.ts"
import { reportMatrix } from "./matrix-facts.ts"
import { matrixLatex } from "./matrix-latex.ts"

const file = matrixLatex("A title", reportMatrix(fullMatrix))

/** What pdfTeX would stumble over in a text that was meant to be printed. */
function expectPrintable(text: string): void {
  expect(text).toMatch(/^[ -~]*$/)
  const bare = text.replace(/\\[a-zA-Z]+(?:\{\})?|\\[^a-zA-Z]|\$[-\\a-z()]*\$/g, "")
  expect(bare).not.toMatch(/[\\$&#_~%^<>|"]/)
  const depth = [...bare.replace(/\\[{}]/g, "")].reduce((open, sign) => {
    expect(open).toBeGreaterThanOrEqual(0)
    return open + (sign === "{" ? 1 : sign === "}" ? -1 : 0)
  }, 0)
  expect(depth).toBe(0)
}

test("every sign that TeX reads is printed, marks are arrows, what has no sign is its code point", () => {
  expect(latexText("50 % & #1_a^b~{x}\\y$ <|>")).toBe(
    "50 \\% \\& \\#1\\_a\\textasciicircum{}b\\textasciitilde{}\\{x\\}\\textbackslash{}y\\$ \\textless{}\\textbar{}\\textgreater{}",
  )
  expect(latexText("▲ ▼ △ ▽ −3.1 to +2.0 –")).toBe(
    "$\\uparrow$ $\\downarrow$ $(\\uparrow)$ $(\\downarrow)$ $-$3.1 to +2.0 --",
  )
  expect(latexText("Gödel, Łukasz, naïve façade, 中\u0000\ud800 --a ''")).toBe(
    "G\\\"{o}del, \\L{}ukasz, na\\\"{i}ve fa\\c{c}ade, [U+4E2D][U+0000][U+FFFD] -{}-a '{}'",
  )
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => expectPrintable(latexText(text))))
})

test("the tables are those of every format, in a file that opens a document only where none is open", () => {
  expect(file.match(/\\caption\{[^.]*/g)!.map((caption) => caption.slice(9))).toEqual([
    "A title: Checkpoints against the base",
    "Trainings over their seeds",
    "Contrasts declared before the run",
    "Budgets",
    "Cells",
    "Published numbers, not measured here",
  ])
  expect(file).toMatch(/^% By itself/)
  expect(file.trimEnd().endsWith("\\closematrix")).toBe(true)
  expect(file.match(/\\begin\{longtable\}/g)).toHaveLength(file.match(/\\end\{longtable\}/g)!.length)
})

test("every line has as many columns as its table, and begins with nothing that the end of the one before would take", () => {
  const strange = ["[2pt]", "*"].map((column) => ({
    column,
    made: matrixLatex("t", { columns: [column], rows: [{ name: "a&b\\\\c", kind: "reference", cells: {} }] }),
  }))
  for (const made of [file, ...strange.map((each) => each.made)]) {
    for (const [, columns, body] of made.matchAll(
      /\\begin\{longtable\}\{@\{\}([lr]+)@\{\}\}(.*?)\\end\{longtable\}/gs,
    )) {
      const lines = body!.split("\n").filter((line) => line.endsWith(" \\\\"))
      expect(lines.length).toBeGreaterThan(1)
      for (const line of lines) {
        expect(line.split(/(?<!\\)&/)).toHaveLength(columns!.length)
        expect(line).not.toMatch(/^\s*[[*]/)
      }
    }
  }
})
