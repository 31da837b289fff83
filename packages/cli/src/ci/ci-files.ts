/** What a CI job shows of a result: JUnit for its list of tests, Markdown for its summary page. */
import { appendFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import type { Host } from "@swirl-ts/core"
import { makeFolder, onDisk, writeFileAtomic } from "@swirl-ts/kit"
import { markdownText } from "@swirl-ts/report"
import type { OptionTable } from "../options/option.ts"
import { path } from "../options/values.ts"
import { junitXml, type TestCase, type TestSuite } from "./junit.ts"

export const ciOptions = {
  junit: {
    value: "<file>",
    help: "write JUnit XML: a test a threshold, and one a question that fails nothing by itself",
    parse: path,
  },
  summary: {
    value: "<file>",
    help: 'add a summary in Markdown to this file, e.g. "$GITHUB_STEP_SUMMARY"',
    parse: path,
  },
} as const satisfies OptionTable

/** A threshold, and whether it was kept. */
export interface Check {
  /** Of which cell. */
  of: string
  /** E.g. `score of .7 or more`. */
  name: string
  /** Absent where it was kept. */
  failure?: string
}

export interface CiReport {
  title: string
  suites: TestSuite[]
  checks: readonly Check[]
  /** Rows of one table, the first its header. */
  rows: readonly (readonly string[])[]
  notes: readonly string[]
}

export const checkCase = ({ of, name, failure }: Check, details?: string): TestCase => ({
  classname: of,
  name,
  outcome: failure === undefined ? undefined : { kind: "failure", message: failure, details },
})

export async function writeCiFiles(
  { workingDirectory }: Pick<Host, "workingDirectory">,
  { junit, summary }: { junit?: string; summary?: string },
  report: () => CiReport,
): Promise<void> {
  if (junit === undefined && summary === undefined) return
  const made = report()
  if (junit !== undefined) await writeFileAtomic(resolve(workingDirectory, junit), junitXml(made.title, made.suites))
  if (summary === undefined) return
  const file = resolve(workingDirectory, summary)
  await onDisk("write", file, async () => {
    await makeFolder(dirname(file))
    await appendFile(file, `${summaryMarkdown(made)}\n`)
  })
}

export function summaryMarkdown({ title, checks, rows, notes }: CiReport): string {
  const [header = [], ...lines] = rows
  const line = (texts: readonly string[]): string => `| ${texts.map(markdownText).join(" | ")} |`
  return [
    `### ${markdownText(title)}`,
    "",
    ...checks.map(
      ({ of, name, failure }) =>
        `- ${failure === undefined ? "✅" : "❌"} ${markdownText(`${of}: ${name}`)}${failure === undefined ? "" : `: **${markdownText(failure)}**`}`,
    ),
    ...(checks.length > 0 ? [""] : []),
    line(header),
    `|${header.map((_, column) => (isNumeric(lines, column) ? "---:" : "---")).join("|")}|`,
    ...lines.map(line),
    "",
    ...notes.map((note) => `- ${markdownText(note.trim())}`),
    ...(notes.length > 0 ? [""] : []),
  ].join("\n")
}

const isNumeric = (lines: readonly (readonly string[])[], column: number): boolean =>
  lines.length > 0 && lines.every((texts) => /^[-−+<]?[\d.]|^$|^–/.test(texts[column] ?? ""))
