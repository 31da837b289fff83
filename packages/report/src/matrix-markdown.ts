/** The matrix as a page of Markdown tables, `matrix.md`. No text can leave its cell or become markup. */
import type { ReportMatrix } from "./data.ts"
import { matrixCaption } from "./tables/caption.ts"
import { matrixTables } from "./tables/matrix-tables.ts"
import type { Table } from "./tables/table.ts"

export const matrixMarkdown = (title: string, matrix: ReportMatrix): string =>
  [`# ${markdownText(title)}`, "", list(matrixCaption(matrix)), ...matrixTables(matrix).flatMap(section)].join("\n")

function section({ title, about, columns, lines, notes }: Table): string[] {
  const line = (texts: readonly string[]): string => `| ${texts.map(markdownText).join(" | ")} |`
  return [
    `## ${markdownText(title)}`,
    "",
    ...(about.length > 0 ? [list(about)] : []),
    line(columns.map(({ name }) => name)),
    `|${columns.map(({ numeric }) => (numeric ? "---:" : "---")).join("|")}|`,
    ...lines.map(line),
    "",
    ...(notes.length > 0 ? [list(notes)] : []),
  ]
}

const list = (sentences: readonly string[]): string => sentences.map((each) => `- ${markdownText(each)}\n`).join("")

/** Everything that Markdown, its tables, its HTML or its formulas read as markup; a line break is a space. */
export const markdownText = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]|~$]|#(?=[#\s]|$)/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
