/**
 * The tables of a study in a page: between `<!-- studies/<name>:begin -->` and `…:end -->` stands what the study's own
 * `report/matrix.md` says, and nothing else. So a figure in the page is one that `--check` recomputes from the records.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const marks = (study: string): [string, string] => [`<!-- ${study}:begin -->`, `<!-- ${study}:end -->`]

/** The pages of `docs` that have a place for the study. */
export const pagesOf = (docs: string, study: string): string[] =>
  existsSync(docs)
    ? readdirSync(docs)
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(docs, name))
        .filter((page) => readFileSync(page, "utf8").includes(marks(study)[0]))
    : []

/** Its tables one level lower, without its title. */
const tablesOf = (folder: string): string =>
  readFileSync(join(folder, "report", "matrix.md"), "utf8")
    .replace(/^# .*\n+/, "")
    .replaceAll(/^## /gm, "### ")
    .trim()

function partsOf(page: string, study: string): { before: string; inside: string; after: string } {
  const text = readFileSync(page, "utf8")
  const [begin, end] = marks(study)
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
  if (to < from) throw new Error(`${page} has "${begin}" without "${end}" after it`)
  return { before: text.slice(0, from), inside: text.slice(from, to).trim(), after: text.slice(to) }
}

export function fillPage(page: string, study: string, folder: string): void {
  const { before, after } = partsOf(page, study)
  writeFileSync(page, `${before}\n${tablesOf(folder)}\n\n${after}`)
}

/** The first line that is another one than the study's; undefined where the page says what the study says. */
export function differenceOf(page: string, study: string, folder: string): string | undefined {
  const [said, meant] = [partsOf(page, study).inside.split("\n"), tablesOf(folder).split("\n")]
  const place = [...said, ...meant].findIndex((_, index) => said[index] !== meant[index])
  if (place < 0) return undefined
  return `DIFFERENT ${page}: it says ${JSON.stringify(said[place] ?? "nothing more")}, and ${study}/report/matrix.md ${JSON.stringify(meant[place] ?? "nothing more")}`
}
