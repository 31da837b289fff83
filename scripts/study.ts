/**
 * Studies by hand.
 *
 *   npm run study                       the demo over five fixed seeds, and docs/seeds.md (scripts/study/five-seeds.ts)
 *   npm run study -- --alarms           alarms over good runs and bad ones, and docs/alarms.md (scripts/study/alarms.ts)
 *   npm run study -- --check <folder>   every figure of an experiment's matrix, recomputed from its records (scripts/recount), and
 *                                       the tables of pages in docs that are the study's
 *   npm run study -- --copy <folder>    its records without weights, as studies/<name> (or --to <folder>), and those tables anew
 */
import { basename } from "node:path"
import { parseArgs } from "node:util"

const text = { type: "string" } as const
const { values } = parseArgs({
  options: { check: text, copy: text, to: text, alarms: { type: "boolean" }, folder: text, page: { type: "boolean" } },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
if (values.alarms) {
  const { studyAlarms } = await import("./study/alarms.ts")
  studyAlarms({ folder: values.folder ?? "runs/alarms", page: values.page ?? false })
} else if (values.check !== undefined) {
  const { check } = await import("./recount/check.ts")
  const { differenceOf, pagesOf } = await import("./study/page.ts")
  const folder = values.check.replace(/\/+$/, "")
  const code = check(folder, say)
  const pages = pagesOf("docs", folder)
  const different = pages.flatMap((page) => differenceOf(page, folder, folder) ?? [])
  for (const line of different) say(line)
  if (pages.length > 0) say(`${pages.join(", ")}: ${different.length} of ${pages.length} say something else.`)
  process.exitCode = different.length > 0 ? 1 : code
} else if (values.copy !== undefined) {
  const { copyStudy } = await import("./study/copy.ts")
  const { fillPage, pagesOf } = await import("./study/page.ts")
  const to = values.to ?? `studies/${basename(values.copy)}`
  const { files, bytes } = copyStudy(values.copy, to)
  say(`${to}: ${files} files, ${(bytes / 1e6).toFixed(2)} MB${bytes > 5e6 ? ", more than should be committed" : ""}`)
  for (const page of pagesOf("docs", to)) {
    fillPage(page, to, to)
    say(`${page}: its tables are those of ${to}`)
  }
} else await import("./study/five-seeds.ts")
