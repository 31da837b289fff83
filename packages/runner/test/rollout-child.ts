/** Rolls out 40 tasks on disk with a slow model, saying every model call, until it is killed. Arguments: folder, mode. */
import { writeSync } from "node:fs"
import { fakeModel } from "@swirl-ts/test-support"
import { openRolloutFiles } from "../src/files.ts"
import { rollout } from "../src/rollout.ts"
import { honest, makeTasks, rolloutPaths, settings, tokenModel } from "./sums.ts"

const [folder, mode] = process.argv.slice(2) as [string, "each" | "block"]
const say = (what: string): void => void writeSync(1, `${what}\n`)
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const base =
  mode === "each"
    ? fakeModel(honest)
    : tokenModel((options, seed) => ({ text: honest(options).replace("so", `so${seed % 9}`) }))
const { doGenerate } = base
base.doGenerate = async (options) => {
  await pause()
  say("asked")
  return doGenerate(options)
}
const files = await openRolloutFiles(rolloutPaths(folder), mode)
await rollout({
  ...settings(base),
  ...files,
  tasks: makeTasks(40),
  concurrency: 4,
  ...(mode === "block" ? { blockSize: 8 } : {}),
})
await files.close()
say("done")
