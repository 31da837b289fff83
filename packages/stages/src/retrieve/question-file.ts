/**
 * A file of questions to evaluate retrieval by: JSON lines or CSV with `question` and `gold_titles` (a list, or text with
 * ` | ` between titles). What cannot be read is an error: a figure over other questions than meant would mislead.
 */
import { SwirlError } from "@swirl-ts/core"
import { isObject, parseJson, textLines } from "@swirl-ts/kit"

export interface RetrievalQuestion {
  question: string
  goldTitles: readonly string[]
  /** A ranking that the file brings along (`retrieved_titles`), best first, and its `setting` where the file has several. */
  retrieved?: readonly string[]
  setting?: string
}

export async function readQuestionFile(path: string): Promise<RetrievalQuestion[]> {
  const lines = await Array.fromAsync(textLines(path))
  return lines
    .find((line) => line.trim() !== "")
    ?.trimStart()
    .startsWith("{")
    ? parseJsonLines(lines, path)
    : parseTable(lines.join("\n"), path)
}

function parseJsonLines(lines: readonly string[], path: string): RetrievalQuestion[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return []
    const fail = (what: string): never => {
      throw new SwirlError(`${path}, line ${i + 1}: ${what}. Write {"question": "…", "gold_titles": ["…"]}.`)
    }
    const value = parseJson(line)
    if (value === undefined) return fail("not JSON")
    const { question, gold_titles: gold } = isObject(value) ? value : {}
    if (typeof question !== "string") return fail("no question")
    if (typeof gold === "string") return [{ question, goldTitles: splitTitles(gold) }]
    if (!Array.isArray(gold) || gold.some((title) => typeof title !== "string")) return fail("no gold_titles")
    return [{ question, goldTitles: gold as string[] }]
  })
}

function parseTable(text: string, path: string): RetrievalQuestion[] {
  const [first, ...rows] = parseCsv(text, path)
  const header = first?.cells ?? []
  const [question, gold] = [header.indexOf("question"), header.indexOf("gold_titles")]
  if (question < 0 || gold < 0) {
    throw new SwirlError(`${path} has no columns question and gold_titles; its first line is "${header.join(",")}".`)
  }
  const [retrieved, setting] = [header.indexOf("retrieved_titles"), header.indexOf("setting")]
  return rows.map(({ line, cells }) => {
    if (cells.length !== header.length) {
      throw new SwirlError(
        `${path}, line ${line}: ${cells.length} of ${header.length} columns. Complete the line or take it out.`,
      )
    }
    return {
      question: cells[question]!,
      goldTitles: splitTitles(cells[gold]!),
      ...(retrieved < 0 ? {} : { retrieved: splitTitles(cells[retrieved]!) }),
      ...(setting < 0 ? {} : { setting: cells[setting]! }),
    }
  })
}

const splitTitles = (text: string): string[] => text.split(" | ").filter((title) => title !== "")

/** RFC 4180; blank lines are left out. `line` is where a row begins. */
function parseCsv(text: string, path: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let line = 1
  let row = { line, cells: [] as string[] }
  for (const [all, quoted, plain, end] of text.matchAll(/(?:"([^"]*(?:""[^"]*)*)"|([^,\n]*?))(,|\r?(?:\n|$))/g)) {
    if (plain?.startsWith('"')) {
      throw new SwirlError(`${path}, line ${line}: a quotation mark that nothing closes. Is the file whole?`)
    }
    row.cells.push(quoted?.replaceAll('""', '"') ?? plain ?? "")
    line += all.split("\n").length - 1
    if (end === ",") continue
    if (row.cells.length > 1 || row.cells[0]!.trim() !== "") rows.push(row)
    row = { line, cells: [] }
  }
  return rows
}
