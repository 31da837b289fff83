/** A worker process: takes jobs one after another from its parent and ends when the parent lets go of it. */
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { checkPlan, runJob } from "@swirl-ts/experiment"
import { joinPoolOwner, type RequestMeter, type Used } from "@swirl-ts/kit"
import type { Progress } from "@swirl-ts/stages"
import { abortOnAccidents } from "./accidents.ts"
import { openContext } from "./context.ts"
import { disposePlugins } from "./dispose.ts"
import { processHost } from "./host.ts"
import { abortOnSignals, exit, interruptionOf } from "./interruption.ts"
import { type LoadedConfig, loadPlugins } from "./plugins.ts"
import type { WorkerMessage, WorkerReply } from "./process-pool.ts"
import { requestMeter } from "./request-settings.ts"
import { withResponseCache } from "./response-cache.ts"

const reply = (message: WorkerReply): void => {
  if (process.connected) process.send?.(message)
}

const abort = new AbortController()
abortOnSignals(abort)
abortOnAccidents(abort)
const host = processHost((line) => reply({ kind: "log", line }))
/** All jobs of a worker are of one command, so they share its plugins. */
let plugins: Promise<LoadedConfig> | undefined

/** Of all jobs, and of what other processes have used, which may be told before the first job. */
let meter: RequestMeter | undefined
const usedElsewhere: Used[] = []
/** All processes of the command together ask a server no more than it takes. */
const hearOfServers = joinPoolOwner((message) => reply({ kind: "to-servers", message }))

process.on("message", async (message: WorkerMessage) => {
  if ("fromServers" in message) return hearOfServers(message.fromServers)
  if ("usedElsewhere" in message) {
    if (meter) meter.add(message.usedElsewhere)
    else usedElsewhere.push(message.usedElsewhere)
    return
  }
  const { settings, directory, experiment, only, job, mostKept } = message
  const holdsMuch = () => process.memoryUsage.rss() > mostKept
  try {
    if (!meter) {
      const { prices } = experiment
      meter = requestMeter(settings, { prices, onUse: (used) => reply({ kind: "used", used }) })
      for (const used of usedElsewhere) meter.add(used)
    }
    plugins ??= loadPlugins({
      workingDirectory: host.workingDirectory,
      config: settings.config,
      plugins: settings.plugin,
      abortSignal: abort.signal,
    })
    const output = {
      say: host.log,
      progress: ({ requests, ...progress }: Progress) => {
        const detail = [progress.detail ?? [], requests?.() ?? []].flat().join(" · ")
        reply({ kind: "progress", progress: { ...progress, detail, stage: job?.id ?? progress.stage } })
      },
    }
    const context = {
      ...(await withResponseCache(
        openContext(settings, await plugins, { host, abortSignal: abort.signal, output, meter }),
      )),
      directory,
    }
    await (job ? runJob(context, experiment, job) : checkPlan(context, experiment, only))
    const ends = holdsMuch()
    reply({ kind: "done", ends })
    if (ends) process.disconnect?.()
  } catch (caught) {
    const error = interruptionOf(abort.signal) ?? caught
    if (settings.debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    // An abort is for good: the next job gets a process of its own.
    const ends = abort.signal.aborted || holdsMuch()
    const errorKind = isSwirlError(error) ? error.kind : undefined
    reply({ kind: "failed", message: errorMessage(error), errorKind, ends })
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
