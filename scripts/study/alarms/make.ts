/** Makes the runs, one after the other, by the command itself; what a killed process began is gone on with. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type AlarmRun, rolloutEvery, runsOf, seeds } from "./runs.ts"

const bin = fileURLToPath(new URL("../../../packages/cli/bin/swirl.mjs", import.meta.url))

export function makeRuns(root: string): void {
  for (const run of seeds.flatMap(runsOf)) makeRun(join(root, run.folder), run)
}

function makeRun(folder: string, { kind, seed, task, iterations, judge, train }: AlarmRun): void {
  if (existsSync(join(folder, "train", kind, "result.json"))) return
  const here = ["--run", folder]
  const seeded = [...here, "--seed", `${seed}`, "--model", "nano", "--backend", "wasm"]
  swirl(["generate", task, ...seeded, "--split", "train", "--limit", "600", "--temperature", "1"])
  if (judge) swirl(["judge", ...here, "--seed", `${seed}`, ...judge])
  const length = ["--iterations", `${iterations}`, "--option", `rolloutEvery=${rolloutEvery}`]
  swirl(["train", ...seeded, ...train, "--name", kind, ...length])
}

function swirl(flags: readonly string[]): void {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, [...process.execArgv, bin, ...flags, "--quiet"], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  if (status !== 0) throw new Error(`swirl ${flags.join(" ")} ended with exit code ${status}`)
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${seconds.toFixed(0)} s: ${flags.join(" ")}\n`)
}
