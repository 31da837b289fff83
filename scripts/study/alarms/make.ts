/** Makes the runs, one after the other, by the command itself; what a killed process began is gone on with. */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type AlarmRun, rolloutEvery } from "./runs.ts"

const bin = fileURLToPath(new URL("../../../packages/cli/bin/swirl.mjs", import.meta.url))

export function makeRuns(root: string, runs: readonly AlarmRun[]): void {
  /** Folders that are generated and judged, as this process knows. */
  const prepared = new Set<string>()
  for (const run of runs) {
    const folder = join(root, run.folder)
    if (hasEnded(join(folder, "train", run.kind, "result.json"), run)) continue
    const { kind, seed, task, iterations, judge, train } = run
    const here = ["--run", folder, "--seed", `${seed}`]
    const from = ["--model", "nano", "--backend", "wasm"]
    const once = (flags: readonly string[]): void => {
      const call = flags.join(" ")
      if (!prepared.has(call)) swirl(flags)
      prepared.add(call)
    }
    once(["generate", task, ...here, ...from, "--split", "train", "--limit", "600", "--temperature", "1"])
    if (judge) once(["judge", ...here, ...judge])
    const length = ["--iterations", `${iterations}`, "--option", `rolloutEvery=${rolloutEvery}`]
    swirl(["train", ...here, ...from, ...train, "--name", kind, ...length])
  }
}

/** A training that was shorter goes on. */
const hasEnded = (result: string, { iterations }: AlarmRun): boolean =>
  existsSync(result) && JSON.parse(readFileSync(result, "utf8")).steps >= iterations

function swirl(flags: readonly string[]): void {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, [...process.execArgv, bin, ...flags, "--quiet"], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  if (status !== 0) throw new Error(`swirl ${flags.join(" ")} ended with exit code ${status}`)
  const seconds = (performance.now() - started) / 1000
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${seconds.toFixed(0)} s: ${flags.join(" ")}\n`)
}
