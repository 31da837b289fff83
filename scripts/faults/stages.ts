/**
 * kill -9 at any point of generate, judge, train and eval; the same command again must end with the same records as an
 * unbroken run, none lost, none doubled (train: the same weights to 1e-5). Real processes, real files, the nano policy.
 *
 *   npm run faults -- --stages [--rounds 6 --seed 1]
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { random, seedFrom } from "@swirl-ts/core"
import { readSafetensors } from "@swirl-ts/transformer"
import { same } from "./records.ts"

const { values } = parseArgs({
  options: {
    stages: { type: "boolean" },
    rounds: { type: "string", default: "6" },
    seed: { type: "string", default: "1" },
  },
})
const draw = random(seedFrom("faults", Number(values.seed)))
const bin = new URL("../../packages/cli/bin/swirl.mjs", import.meta.url).pathname

/** Runs the command; killed after `after` milliseconds when given. Returns the exit code, null when killed. */
function swirl(args: readonly string[], after?: number): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, bin, ...args, "--quiet"], {
      stdio: ["ignore", "ignore", "pipe"],
    })
    let errors = ""
    child.stderr.on("data", (text) => {
      errors += text
    })
    const timer = after === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), after)
    child.on("exit", (code) => {
      clearTimeout(timer)
      if (code !== null && code !== 0) process.stderr.write(errors)
      resolve(code)
    })
  })
}

function sameWeights(a: string, b: string, training: string): void {
  const last = (root: string): string => {
    const folder = join(root, "train", training, "checkpoints")
    return join(
      folder,
      readdirSync(folder)
        .filter((name) => /^\d+$/.test(name))
        .sort((x, y) => Number(y) - Number(x))[0]!,
      "model.safetensors",
    )
  }
  const left = new Map<string, Float32Array>()
  readSafetensors(last(a), ({ name }, data) => void left.set(name, data))
  let worst = 0
  readSafetensors(last(b), ({ name }, data) => {
    const other = left.get(name)!
    data.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - other[i]!))
    })
  })
  if (!(worst <= 1e-5)) throw new Error(`weights differ by ${worst}`)
  process.stdout.write(`  largest difference of a weight: ${worst}\n`)
}

const evaluated = (root: string): string => join("eval", readdirSync(join(root, "eval"))[0]!)
const stages: { name: string; args: string[]; check(a: string, b: string): void }[] = [
  {
    name: "generate",
    args: ["generate", "calc", "lookup", "--limit", "150", "--backend", "wasm"],
    check: (a, b) => same(a, b, "trajectories.jsonl"),
  },
  { name: "judge", args: ["judge"], check: (a, b) => same(a, b, "verdicts.jsonl") },
  {
    name: "train",
    args: [
      "train",
      "--strategy",
      "none",
      "--iterations",
      "8",
      "--option",
      "states=16",
      "--option",
      "checkpointEvery=2",
      "--option",
      "rolloutEvery=4",
      "--rollout-tasks",
      "20",
      "--backend",
      "wasm",
    ],
    check: (a, b) => {
      sameWeights(a, b, "swirl-none")
      same(a, b, "train/swirl-none/metrics.jsonl")
    },
  },
  {
    name: "eval",
    args: ["eval", "calc", "--limit", "150", "--backend", "wasm"],
    check: (a, b) => {
      for (const file of readdirSync(join(a, evaluated(a)))) same(a, b, join(evaluated(a), file))
    },
  },
]

const root = mkdtempSync(join(tmpdir(), "swirl-faults-"))
const [unbroken, broken] = [join(root, "unbroken"), join(root, "broken")]
let kills = 0
let failed = 0
for (const stage of stages) {
  const started = performance.now()
  if ((await swirl([...stage.args, "--run", unbroken])) !== 0) throw new Error(`${stage.name} failed without any kill`)
  const span = performance.now() - started
  let killed = 0
  for (let round = 0; round < Number(values.rounds); round++) {
    if ((await swirl([...stage.args, "--run", broken], 100 + draw.next() * span)) === null) killed++
  }
  const code = await swirl([...stage.args, "--run", broken])
  kills += killed
  try {
    if (code !== 0) throw new Error(`ended with exit code ${code} after the kills`)
    stage.check(unbroken, broken)
    process.stdout.write(
      `ok ${stage.name}: ${killed} kills -9, the same records (${(span / 1000).toFixed(1)} s unbroken)\n`,
    )
  } catch (error) {
    failed++
    process.stdout.write(`FAILED ${stage.name} after ${killed} kills: ${(error as Error).message} (kept in ${root})\n`)
  }
}
if (!failed) rmSync(root, { recursive: true })
process.stdout.write(`${kills} kills, ${failed} stages with faults\n`)
process.exit(failed ? 1 : 0)
