/**
 * An experiment of 2 trainings x 2 filters x 3 seeds x 4 cells, planned, killed with -9 while it trains and while it evaluates,
 * moved to another folder, continued there from another working directory: every figure of its matrix has to follow from its records
 * (scripts/recount), and matrix and records have to be those of the same experiment that nothing happened to.
 *
 *   npm run faults -- --matrix [--folder <folder>] [--processes 2]
 *
 * With `--folder` the runs stay there, and the same command goes on where it was stopped.
 */
import { spawn } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { check } from "../recount/check.ts"
import { compareDocuments, words } from "../recount/compare.ts"
import { same } from "./records.ts"

const { values } = parseArgs({
  options: {
    matrix: { type: "boolean" },
    folder: { type: "string" },
    processes: { type: "string", default: "2" },
  },
})
const bin = fileURLToPath(new URL("../../packages/cli/bin/swirl.mjs", import.meta.url))
const experiment = fileURLToPath(new URL("matrix.experiment.ts", import.meta.url))
const root = values.folder ? resolve(values.folder) : mkdtempSync(join(tmpdir(), "swirl-faults-"))
const [unbroken, broken, moved] = ["unbroken", "broken", "elsewhere/moved"].map((name) => join(root, name)) as [
  string,
  string,
  string,
]
const here = join(root, "elsewhere")
mkdirSync(here, { recursive: true })

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)

/** A line of the progress that tells the moment to kill at. */
interface Kill {
  name: string
  at: RegExp
}

/** Runs the experiment; with `kill`, ends its whole process group at the line that matches, and tells whether one did. `show`: from this line on. */
function matrix(
  folder: string,
  { kill, more = [], show }: { kill?: Kill; more?: readonly string[]; show?: RegExp } = {},
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = ["--run", folder, "--processes", values.processes, "--backend", "wasm"]
    const child = spawn(process.execPath, [...process.execArgv, bin, "matrix", experiment, ...options, ...more], {
      cwd: folder === moved ? here : dirname(experiment),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    })
    const end = (): void => void process.kill(-child.pid!, "SIGKILL")
    process.once("exit", end)
    const last: string[] = []
    let isKilled = false
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        last.push(line)
        if (isKilled || !kill?.at.test(line)) return
        isKilled = true
        end()
      })
    }
    child.on("error", reject)
    child.on("close", (code) => {
      process.off("exit", end)
      if (isKilled) return resolve(true)
      if (code !== 0)
        return reject(new Error(`swirl matrix ended with exit code ${code}:\n${last.slice(-20).join("\n")}`))
      if (show) for (const line of last.slice(last.findIndex((each) => show.test(each)))) say(`  ${line}`)
      resolve(false)
    })
  })
}

async function timed(what: string, work: () => Promise<string | undefined>): Promise<void> {
  const started = performance.now()
  const said = await work()
  say(`${what}: ${said === undefined ? "" : `${said}, `}${((performance.now() - started) / 1000).toFixed(0)} s`)
}

/** Each with the file that says it was done. */
const kills: Kill[] = [
  { name: "while it trains", at: /^train .* seed 12 [2-7]\// },
  { name: "while it evaluates", at: /^evaluate swirl-.* seed 12 1\// },
]

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130))

let failed = false
try {
  await timed("unbroken", async () => void (await matrix(unbroken)))
  if (!existsSync(broken) && !existsSync(moved))
    await timed("planned", async () => void (await matrix(broken, { more: ["--plan"], show: /jobs/ })))
  for (const kill of kills) {
    const done = join(root, `killed-${kill.name.replaceAll(" ", "-")}`)
    if (existsSync(done)) continue
    await timed(`killed ${kill.name}`, async () => {
      if (!(await matrix(broken, { kill }))) throw new Error(`the moment "${kill.name}" did not come`)
      writeFileSync(done, "")
      return `${files(broken).length} files were there`
    })
  }
  if (existsSync(broken)) renameSync(broken, moved)
  await timed(
    `moved to ${relative(root, moved)} and continued`,
    async () => void (await matrix(moved, { show: /^cell / })),
  )
  if (check(moved, say) !== 0) throw new Error("figures of the matrix do not follow from its records")
  compareRuns()
} catch (error) {
  failed = true
  say(`FAILED: ${(error as Error).message}`)
}
if (failed || values.folder) say(`kept in ${root}`)
else rmSync(root, { recursive: true })
process.exitCode = failed ? 1 : 0

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()
}

/** Paths belong to the folder, not to the result. */
function compareRuns(): void {
  const read = (folder: string): { rows: Record<string, unknown>[] } =>
    JSON.parse(readFileSync(join(folder, "matrix.json"), "utf8"))
  const expected = read(unbroken)
  for (const row of expected.rows) if (row.checkpoint) row.checkpoint = words
  const { figures, differences, unknown } = compareDocuments(read(moved), expected)
  for (const { path, recorded, recomputed } of differences)
    say(`DIFFERENT ${path}: ${JSON.stringify(recorded)} after kills, ${JSON.stringify(recomputed)} unbroken`)
  if (differences.length + unknown.length > 0)
    throw new Error("the matrix is another one than that of the unbroken run")
  say(`${figures} figures of the matrix as in the unbroken run`)
  const records = files(unbroken).filter((name) => name.endsWith(".jsonl") && !name.includes("attempts"))
  for (const name of records) same(unbroken, moved, name)
  say(`${records.length} record files as in the unbroken run`)
}
