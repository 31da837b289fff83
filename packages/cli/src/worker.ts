/** A worker process: takes jobs one after another from its parent and ends when the parent lets go of it. */
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { runJob } from "@swirl-ts/experiment"
import { openApp } from "./app.ts"
import type { WorkerReply, WorkerRequest } from "./process-pool.ts"

const reply = (message: WorkerReply): void => {
  process.send?.(message)
}

process.on("message", async ({ options, directory, experiment, job }: WorkerRequest) => {
  try {
    const app = await openApp({ ...options, quiet: true })
    await runJob(
      {
        ...app.context,
        directory,
        host: { ...app.host, log: (line) => reply({ kind: "log", line }) },
        onProgress: (progress) => reply({ kind: "progress", progress: { ...progress, stage: job.id } }),
      },
      experiment,
      job,
    )
    reply({ kind: "done" })
  } catch (error) {
    if (options.debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    reply({ kind: "failed", message: errorMessage(error), usage: isSwirlError(error) && error.kind === "usage" })
  }
})
// Ctrl-C on a terminal reaches every process; the parent decides.
process.removeAllListeners("SIGINT")
process.on("SIGINT", () => {})
process.on("disconnect", () => process.exit(0))
