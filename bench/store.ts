/**
 * The command on many trajectories of three steps, with a model in the process that takes no time: memory, bytes on disk, and
 * what the same command takes when it has finished before. Every command is a process of its own, as people run it: built where
 * `npm run build` was done, else from the sources, which takes 40 MB more.
 *   npm run bench -- store [--trajectories 20000] [--again 100000] [--json]
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { type Figure, tellFigures } from "./figures.ts"
import { runProcess } from "./run-process.ts"

const { values } = parseArgs({
  options: {
    trajectories: { type: "string", default: "20000" },
    again: { type: "string", default: "100000" },
    json: { type: "boolean", default: false },
  },
})
const [few, many] = [Number(values.trajectories), Number(values.again)]
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const built = at("../packages/cli/dist/main.js")
const isBuilt = existsSync(built)
const folder = mkdtempSync(join(tmpdir(), "swirl-store-"))

/** As JavaScript, so that no compiler is loaded beside what is measured; below `node_modules`, so that it finds core. */
function plugin(): string {
  const own = at("../node_modules/.cache/swirl-bench/in-process-model.mjs")
  mkdirSync(join(own, ".."), { recursive: true })
  writeFileSync(own, stripTypeScriptTypes(readFileSync(at("in-process-model.ts"), "utf8"), { mode: "strip" }))
  return own
}
const model = plugin()

interface Taken {
  seconds: number
  megabytes: number
  wallSeconds: number
}

async function swirl(...parts: string[]): Promise<Taken> {
  const usage = join(folder, "usage.json")
  const flags = ["--import", at("usage.mjs"), ...(isBuilt ? [] : ["--conditions=@swirl-ts/source"])]
  const program = isBuilt ? built : at("../packages/cli/bin/swirl.mjs")
  const environment = { ...process.env, SWIRL_BENCH_USAGE: usage, NODE_COMPILE_CACHE: join(folder, "compiled") }
  const start = performance.now()
  const { failure } = await runProcess(
    process.execPath,
    [...flags, "--disable-warning=ExperimentalWarning", program, ...parts, "--quiet"],
    { environment },
  )
  if (failure) throw new Error(`swirl ${parts.join(" ")}: ${failure}`)
  const wallSeconds = (performance.now() - start) / 1000
  return { ...(JSON.parse(readFileSync(usage, "utf8")) as Omit<Taken, "wallSeconds">), wallSeconds }
}

const generate = (run: string, limit: number): Promise<Taken> =>
  swirl(
    "generate",
    "calc",
    "--split",
    "train",
    "--limit",
    `${limit}`,
    "--model",
    "fake:calc",
    "--plugin",
    model,
    "--run",
    run,
  )
const judge = (run: string): Promise<Taken> => swirl("judge", "--judge", "grounded", "--run", run)
const bytes = (path: string): number => (existsSync(path) ? statSync(path).size : 0)
const allBytes = (run: string): number =>
  readdirSync(run, { recursive: true, encoding: "utf8" }).reduce((sum, name) => {
    const found = statSync(join(run, name))
    return found.isFile() ? sum + found.size : sum
  }, 0)

try {
  await swirl("list", "models")
  const start = await swirl("list", "models")
  const [run, large] = [join(folder, "run"), join(folder, "large")]
  const made = await generate(run, few)
  const store = allBytes(run)
  const judged = await judge(run)
  await generate(large, many)
  const again = await generate(large, many)
  await judge(large)
  const judgedAgain = await judge(large)
  const figures: Figure[] = [
    { name: `generate ${few} x 3 steps: memory of the process, at most`, value: made.megabytes, goal: 150, unit: "MB" },
    { name: "  of these, the command before it does anything", value: start.megabytes, unit: "MB" },
    { name: "  its processor time", value: made.seconds, unit: "s" },
    { name: "the run folder, a trajectory", value: store / few / 1000, goal: 1.5, unit: "kB" },
    { name: "  its verdicts, judged by grounded", value: bytes(join(run, "verdicts.jsonl")) / few / 1000, unit: "kB" },
    { name: `judge these: memory of the process, at most`, value: judged.megabytes, unit: "MB" },
    { name: `generate ${many} that are there: processor time`, value: again.seconds, goal: 2, unit: "s" },
    { name: "  wall time", value: again.wallSeconds, unit: "s" },
    { name: `judge ${many} that are judged: processor time`, value: judgedAgain.seconds, goal: 2, unit: "s" },
    { name: "  wall time", value: judgedAgain.wallSeconds, unit: "s" },
  ]
  tellFigures("store", figures, { json: values.json, isBuilt })
} finally {
  rmSync(folder, { recursive: true })
}
