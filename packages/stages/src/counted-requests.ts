/** Requests of a stage to the servers of its model, into `run.json`, as it goes: what a kill loses is the last seconds. */
import type { EndpointCount, RecordedEndpoint } from "@swirl-ts/core"
import type { Run } from "@swirl-ts/store"

/** Milliseconds between two writes. */
const apart = 5000

export async function countedRequests<T>(
  { run, stage, endpoints }: { run: Run; stage: string; endpoints: (() => EndpointCount[]) | undefined },
  work: () => Promise<T>,
): Promise<T> {
  if (!endpoints) return work()
  let before = new Map(endpoints().map((count) => [count.name, count]))
  const write = (): Promise<void> => {
    const now = endpoints()
    const made = now.map((count) => since(before.get(count.name), count))
    before = new Map(now.map((count) => [count.name, count]))
    return run.addRequests(stage, made)
  }
  // A disk that fails fails the records, too, and these say it better.
  const timer = setInterval(() => void write().catch(() => {}), apart)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await write()
  }
}

const since = (then: EndpointCount | undefined, now: EndpointCount): RecordedEndpoint => ({
  name: now.name,
  requests: now.requests - (then?.requests ?? 0),
  failures: now.failures - (then?.failures ?? 0),
  refused: (now.refused ?? 0) - (then?.refused ?? 0),
  leftOut: now.leftOut - (then?.leftOut ?? 0),
})
