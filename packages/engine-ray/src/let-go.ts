/** Ctrl-C: jobs go on, unless it was said that they should not. */
import { errorMessage } from "@swirl-ts/core"
import type { Cluster } from "./cluster.ts"
import { rayJobs } from "./ray/jobs.ts"
import type { RayAddress } from "./ray/request.ts"

export interface LetGoOptions {
  log(line: string): void
  address: RayAddress
  cluster: Pick<Cluster, "onInterrupt">
  /** What the same command does with a job that was stopped, as a clause. */
  again: string
}

export async function letGo(ids: readonly string[], { log, address, cluster, again }: LetGoOptions): Promise<void> {
  const { url } = address
  const named = ids.length > 1 ? `jobs ${ids.join(", ")}: they go` : `job ${ids[0]}: it goes`
  const stop = `To stop ${ids.length > 1 ? "one" : "it"}: swirl jobs --engine-url ${url} --stop ${ids.length > 1 ? "<id>" : ids[0]}, or the same command with SWIRL_RAY_ON_INTERRUPT=stop, and Ctrl-C.`
  if (ids.length === 0) return
  if (cluster.onInterrupt === "detach")
    return log(
      `Let go of the ${named} on at ${url}, and the same command attaches to ${ids.length > 1 ? "them" : "it"} again. ${stop}`,
    )
  const jobs = rayJobs(address)
  await Promise.all(
    ids.map(async (id) => {
      try {
        log((await jobs.stop(id)) ? `Stopped ${id}; ${again}.` : `${id} had ended.`)
      } catch (error) {
        log(`The job ${id} could not be stopped: ${errorMessage(error)} ${stop}`)
      }
    }),
  )
}
