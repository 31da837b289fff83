/**
 * Fills the marked parts of README.md from what is there: the example's source, and what the demo said of a run folder.
 *
 *   node scripts/bootstrap.mjs scripts/readme.ts [matrix.json]
 */
import { readFileSync, writeFileSync } from "node:fs"
import { MatrixSchema } from "@swirl-ts/core"
import { findings, reportMatrix } from "@swirl-ts/report"
import { matrixTable } from "../packages/cli/src/render/matrix-table.ts"

let readme = readFileSync("README.md", "utf8")
const fill = (mark: string, language: string, text: string): void => {
  const [open, close] = [`<!-- ${mark}:begin -->`, `<!-- ${mark}:end -->`]
  const [before, rest] = [readme.slice(0, readme.indexOf(open)), readme.slice(readme.indexOf(close))]
  readme = `${before}${open}\n\`\`\`${language}\n${text.trim()}\n\`\`\`\n${rest}`
}
fill("example", "ts", readFileSync("examples/swirl.ts", "utf8"))
const path = process.argv[2]
if (path) {
  const matrix = reportMatrix(MatrixSchema.parse(JSON.parse(readFileSync(path, "utf8"))))
  fill(
    "demo",
    "",
    [...matrixTable(matrix), "", ...findings(matrix).filter((line) => /^(Gamed|How sure)/.test(line))].join("\n"),
  )
}
writeFileSync("README.md", readme)
