/**
 * The matrix as LaTeX tables, `matrix.tex`: rules of booktabs, tables that run over pages (longtable). It compiles by itself,
 * and inside a paper where it is read with `\input`: it opens a document only where none is open.
 */
import type { ReportMatrix } from "./data.ts"
import { latexText } from "./latex-text.ts"
import { matrixCaption } from "./tables/caption.ts"
import { matrixTables } from "./tables/matrix-tables.ts"
import type { Table } from "./tables/table.ts"

const opening = String.raw`% By itself: pdflatex matrix.tex. In a paper of one column: \usepackage{booktabs,longtable}, then \input{matrix.tex}.
\expandafter\ifx\csname @nodocument\endcsname\relax
  \def\closematrix{\relax}
\else
  \def\closematrix{\end{document}}
  \documentclass{article}
  \usepackage{booktabs,longtable}
  \usepackage[landscape,margin=15mm]{geometry}
  \begin{document}
\fi`

export const matrixLatex = (title: string, matrix: ReportMatrix): string =>
  [
    opening,
    "",
    ...matrixTables(matrix).flatMap((table, index) =>
      index === 0
        ? latexTable({ ...table, title: `${title}: ${table.title}`, about: [...matrixCaption(matrix), ...table.about] })
        : latexTable(table),
    ),
    "\\closematrix",
    "",
  ].join("\n")

function latexTable({ title, about, columns, lines, notes }: Table): string[] {
  // After the end of a row, `[` and `*` would be an option of it.
  const row = (texts: readonly string[]): string => `${texts.map(latexText).join(" & ").replace(/^[[*]/, "{}$&")} \\\\`
  const isNewGroup = (index: number): boolean => index > 0 && isGrouped(lines) && lines[index]![0] !== ""
  return [
    "\\begingroup\\footnotesize\\setlength{\\tabcolsep}{3pt}\\setlength{\\LTcapwidth}{\\textwidth}",
    `\\begin{longtable}{@{}${columns.map(({ numeric }) => (numeric ? "r" : "l")).join("")}@{}}`,
    `\\caption{${latexText([`${title}.`, ...about].join(" "))}}\\\\`,
    "\\toprule",
    row(columns.map(({ name }) => name)),
    "\\midrule",
    "\\endhead",
    "\\bottomrule",
    "\\endlastfoot",
    ...lines.flatMap((texts, index) => [...(isNewGroup(index) ? ["\\midrule"] : []), row(texts)]),
    "\\end{longtable}",
    ...notes.map((note) => `\\noindent ${latexText(note)}\\par`),
    "\\endgroup",
    "",
  ]
}

/** Some line continues the group of the one before it. */
const isGrouped = (lines: Table["lines"]): boolean => lines.some(([first]) => first === "")
