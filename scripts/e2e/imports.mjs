/**
 * `swirl import` on what the real producers write now: Inspect, verifiers (its own vf-eval), Harbor's models and the AI SDK are
 * installed into folders of their own and make their logs; each is imported, judged, filtered, reported, exported and imported
 * again, and two logs of Inspect are compared.
 *
 *   npm run e2e -- imports                       installs into .swirl/e2e/imports (about 700 MB)
 *   npm run e2e -- imports --only inspect,atif   some of them
 *   npm run e2e -- imports --python python3.12   that makes the environments
 */
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { expect, part, timesTold } from "./parts.mjs"

const { values } = parseArgs({
  options: { only: { type: "string" }, python: { type: "string", default: "python3" }, keep: { type: "boolean" } },
})

/** What each is made with, and by which script. */
const producers = {
  inspect: { pip: [["inspect-ai"]] },
  verifiers: { pip: [["verifiers", "uv"]] },
  atif: { pip: [["pydantic"], ["--no-deps", "harbor"]] },
  "ai-sdk": { npm: ["ai", "zod"] },
}
const names = values.only ? values.only.split(",") : Object.keys(producers)
const unknown = names.find((name) => !(name in producers))
if (unknown !== undefined) {
  process.stderr.write(`There is no producer "${unknown}". There is ${Object.keys(producers).join(", ")}.\n`)
  process.exit(2)
}

const swirlFile = resolve("packages/cli/bin/swirl.mjs")
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-imports-"))
const run = (program, args, cwd = process.cwd()) =>
  execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1e8 })
const swirl = (...args) =>
  JSON.parse(run(process.execPath, [...flags, swirlFile, ...args, "--json", "--quiet"], folder))
/** Tools that `grounded` has no rule for leave steps without a score, which is no failure of an import: exit code 3 is let pass. */
const judge = (directory) => {
  try {
    return swirl("judge", "--judge", "grounded", "--run", directory)
  } catch (error) {
    if (error.status !== 3) throw error
    return JSON.parse(error.stdout)
  }
}

/** Returns the folder of its programs. */
function installed(name) {
  const place = resolve(".swirl/e2e/imports", name)
  const { pip = [], npm } = producers[name]
  const mark = join(place, "installed")
  const wanted = JSON.stringify(producers[name])
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return place
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  if (npm) {
    writeFileSync(join(place, "package.json"), '{ "private": true }\n')
    run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...npm], place)
  } else {
    run(values.python, ["-m", "venv", place])
    for (const packages of pip)
      run(join(place, "bin/python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages])
  }
  writeFileSync(mark, wanted)
  return place
}

for (const name of names) {
  const place = await part(`${name}: install`, () => installed(name))
  const logs = join(folder, name)
  await part(`${name}: make logs`, () =>
    producers[name].npm
      ? run(process.execPath, [`scripts/make-${name}-fixtures.mjs`, place, logs])
      : run(join(place, "bin/python"), [`scripts/make-${name}-fixtures.py`, logs]),
  )
  await part(`${name}: import and go on`, () => {
    const directory = `run-${name}`
    const first = swirl("import", "--format", name, logs, "--run", directory)
    expect(`${name}: ${first.conversations} conversations are imported`, first.trajectories > 0 && first.added > 0)
    const again = swirl("import", "--format", name, logs, "--run", directory)
    expect(`${name}: imported again, nothing is added`, again.added === 0 && again.replaced === 0)
    const judged = judge(directory)
    expect(`${name}: every step is judged`, judged.judged > 0)
    expect(`${name}: a filter takes them`, swirl("filter", "--strategy", "none", "--run", directory).kept > 0)
    run(process.execPath, [...flags, swirlFile, "report", "--run", directory], folder)
    expect(`${name}: a report is written`, existsSync(join(folder, directory, "report/index.html")))
    swirl("export", "--format", "inspect", "--run", directory, "--out", `out-${name}`)
    const back = swirl("import", "--format", "inspect", `out-${name}`, "--run", `back-${name}`)
    expect(
      `${name}: exported and imported again, there are the same steps (${back.steps})`,
      back.steps === stepsIn(directory),
    )
  })
}

if (names.includes("inspect"))
  await part("inspect: compare two logs", () => {
    for (const side of ["right", "wrong"]) {
      cpSync(join(folder, "inspect", `arithmetic-${side}.eval`), join(folder, `${side}.eval`))
      swirl("import", "--format", "inspect", `${side}.eval`, "--run", side)
    }
    const { cells } = swirl("compare", "right", "wrong")
    expect("two logs of Inspect are compared by its own score", Object.keys(cells ?? {}).length > 0)
  })

/** Of trajectories that have any; what failed before its first step is exported without one, too. */
function stepsIn(directory) {
  const lines = readFileSync(join(folder, directory, "trajectories.jsonl"), "utf8")
    .trim()
    .split("\n")
  return lines.reduce((sum, line) => sum + JSON.parse(line).steps.length, 0)
}

process.stdout.write(timesTold())
if (values.keep) process.stderr.write(`kept: ${folder} (${readdirSync(folder).length} entries)\n`)
else rmSync(folder, { recursive: true, force: true })
