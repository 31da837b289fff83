/** A worker process: takes jobs one after another from its parent and ends when the parent lets go of it. */
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { checkPlan, runJob } from "@swirl-ts/experiment"
import type { Progress } from "@swirl-ts/stages"
import { abortOnAccidents } from "./accidents.ts"
import { openContext } from "./context.ts"
import { disposePlugins } from "./dispose.ts"
import { processHost } from "./host.ts"
import { abortOnSignals, exit, interruptionOf } from "./interruption.ts"
import { type LoadedConfig, loadPlugins } from "./plugins.ts"
import type { WorkerReply, WorkerRequest } from "./process-pool.ts"
import { withResponseCache } from "./response-cache.ts"

const reply = (message: WorkerReply): void => {
  process.send?.(message)
}

const abort = new AbortController()
abortOnSignals(abort)
abortOnAccidents(abort)
const host = processHost((line) => reply({ kind: "log", line }))
/** All jobs of a worker are of one command, so they share its plugins. */
let plugins: Promise<LoadedConfig> | undefined

process.on("message", async ({ settings, directory, experiment, job }: WorkerRequest) => {
  try {
    plugins ??= loadPlugins({
      workingDirectory: host.workingDirectory,
      config: settings.config,
      plugins: settings.plugin,
      abortSignal: abort.signal,
    })
    const output = {
      say: host.log,
      progress: (progress: Progress) =>
        reply({ kind: "progress", progress: { ...progress, stage: job?.id ?? progress.stage } }),
    }
    const context = {
      ...(await withResponseCache(openContext(settings, await plugins, { host, abortSignal: abort.signal, output }))),
      directory,
    }
    await (job ? runJob(context, experiment, job) : checkPlan(context, experiment))
    reply({ kind: "done" })
  } catch (caught) {
    const error = interruptionOf(abort.signal) ?? caught
    if (settings.debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    const ends = abort.signal.aborted
    const errorKind = isSwirlError(error) ? error.kind : undefined
    reply({ kind: "failed", message: errorMessage(error), errorKind, ends })
    // An abort is for good: the next job gets a process of its own.
    if (ends) process.disconnect?.()
  }
})
// Ctrl-C on a terminal reaches every process; the parent decides.
process.removeAllListeners("SIGINT")
process.on("SIGINT", () => {})
process.on("disconnect", async () => {
  const loaded = await plugins?.catch(() => undefined)
  if (loaded) await disposePlugins(loaded.registry, { log: (line) => process.stderr.write(`${line}\n`) })
  exit(0)
})
