/**
 * How many source files a reader has to enter to follow one question through a stage: files of which the stage runs a
 * function that `swirl list` (loading plugins, printing) does not run; module bodies aside. By V8's own coverage, on a
 * small run folder made with the embedded policy.
 *
 *   node scripts/bootstrap.mjs scripts/files-entered.mjs [--list]
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const packages = pathToFileURL(join(root, "packages")).href
const folder = mkdtempSync(join(tmpdir(), "swirl-entered-"))
const run = ["--run", join(folder, "run"), "--json", "--quiet"]

function swirl(args, coverage) {
  const child = spawnSync(
    process.execPath,
    ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning", "packages/cli/bin/swirl.mjs", ...args],
    { cwd: root, encoding: "utf8", env: { ...process.env, ...(coverage ? { NODE_V8_COVERAGE: coverage } : {}) } },
  )
  if (child.status !== 0 && child.status !== 3) throw new Error(`swirl ${args.join(" ")}: ${child.stderr}`)
}

/** `<path below packages> <function's place>` of everything that ran, module bodies aside. */
function functionsRun(coverage) {
  const found = new Set()
  for (const name of readdirSync(coverage)) {
    const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8"))
    for (const { url, functions } of result) {
      if (!url.startsWith(packages) || !url.includes("/src/")) continue
      for (const { ranges, functionName } of functions) {
        const [{ count, startOffset }] = ranges
        if (count > 0 && (startOffset > 0 || functionName !== ""))
          found.add(`${url.slice(packages.length + 1)} ${startOffset}`)
      }
    }
  }
  return found
}

swirl(["generate", "calc", "--limit", "12", ...run])
const stages = {
  generate: ["generate", "calc", "--limit", "13", ...run],
  judge: ["judge", "--judge", "grounded", ...run],
  train: ["train", "--strategy", "none", "--iterations", "1", "--rollout-tasks", "1", ...run],
  report: ["report", ...run],
}
swirl(["list", "--json"], join(folder, "list"))
const known = functionsRun(join(folder, "list"))
for (const [stage, args] of Object.entries(stages)) {
  const coverage = join(folder, stage)
  swirl(args, coverage)
  const ran = [...functionsRun(coverage)].filter((each) => !known.has(each))
  const files = [...new Set(ran.map((each) => each.split(" ")[0]))].sort()
  const byPackage = Object.groupBy(files, (file) => file.split("/")[0])
  const parts = Object.entries(byPackage).map(([name, some]) => `${name} ${some.length}`)
  process.stdout.write(`${stage}: ${files.length} files (${parts.join(", ")})\n`)
  if (process.argv.includes("--list")) process.stdout.write(`${files.map((file) => `  ${file}\n`).join("")}`)
}
rmSync(folder, { recursive: true })
