/** A worker process: takes jobs one after another from its parent and ends when the parent lets go of it. */
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { runJob } from "@swirl-ts/experiment"
import type { Progress } from "@swirl-ts/stages"
import { openContext } from "./context.ts"
import { processHost } from "./host.ts"
import { abortOnSignals } from "./interruption.ts"
import { loadPlugins } from "./plugins.ts"
import type { WorkerReply, WorkerRequest } from "./process-pool.ts"

const reply = (message: WorkerReply): void => {
  process.send?.(message)
}

const abortSignal = abortOnSignals()

process.on("message", async ({ settings, directory, experiment, job }: WorkerRequest) => {
  const host = processHost((line) => reply({ kind: "log", line }))
  try {
    const loaded = await loadPlugins({
      workingDirectory: host.workingDirectory,
      config: settings.config,
      plugins: settings.plugin,
    })
    const output = {
      say: host.log,
      progress: (progress: Progress) => reply({ kind: "progress", progress: { ...progress, stage: job.id } }),
    }
    const context = openContext(settings, loaded, { host, abortSignal, output })
    await runJob({ ...context, directory }, experiment, job)
    reply({ kind: "done" })
  } catch (error) {
    if (settings.debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    reply({ kind: "failed", message: errorMessage(error), usage: isSwirlError(error) && error.kind === "usage" })
  }
})
// Ctrl-C on a terminal reaches every process; the parent decides.
process.removeAllListeners("SIGINT")
process.on("SIGINT", () => {})
process.on("disconnect", () => process.exit(0))
