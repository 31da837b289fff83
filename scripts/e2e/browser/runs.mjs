/** Runs to look at, made by the command as people make them. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn } from "@swirl-ts/test-support"

const tiny = fileURLToPath(new URL("../../../examples/tiny.experiment.ts", import.meta.url))

async function swirl(folder, ...args) {
  mkdirSync(folder, { recursive: true })
  const { code, stderr, json } = await swirlIn(folder)(...args, "--json")
  if (code !== 0) throw new Error(`swirl ${args.join(" ")} ended with ${code}: ${stderr.slice(-2000)}`)
  return json
}

export async function matrixRun(folder) {
  await swirl(folder, "matrix", tiny, "--run", "run")
  return join(folder, "run")
}

/** Generated, judged by two judges, filtered, trained, and evaluated before and after: no matrix. */
export async function byHandRun(folder) {
  const run = ["--run", "run"]
  await swirl(folder, "generate", "calc", "--limit", "60", "--seed", "7", ...run)
  await swirl(folder, "judge", "--judge", "grounded", "--calibrate", ...run)
  await swirl(folder, "filter", "--strategy", "process", ...run)
  await swirl(folder, "train", "--iterations", "4", ...run)
  await swirl(folder, "eval", "calc", "--limit", "40", ...run)
  const checkpoint = "local:run/train/swirl-process/checkpoints/4"
  await swirl(folder, "eval", "calc", "--limit", "40", "--model", checkpoint, ...run)
  return join(folder, "run")
}

/** A log of Inspect, imported and judged: nothing in it was made here. */
export async function importedRun(folder) {
  const log = fileURLToPath(
    new URL("../../../packages/formats/fixtures/imports/inspect/arithmetic-right.eval", import.meta.url),
  )
  await swirl(folder, "import", "--format", "inspect", log, "--run", "run")
  await swirl(folder, "judge", "--judge", "grounded", "--run", "run")
  return join(folder, "run")
}

/** The folder of the viewer. */
export async function reportOf(run) {
  await swirl(run, "report", "--run", run)
  return join(run, "report")
}
