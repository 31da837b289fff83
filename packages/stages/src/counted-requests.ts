/** Requests of a stage to servers that take turns, into `run.json`: of work that fails or is stopped, too. */
import type { EndpointCount } from "@swirl-ts/core"
import type { Run } from "@swirl-ts/store"

export async function countedRequests<T>(
  { run, stage, endpoints }: { run: Run; stage: string; endpoints: (() => EndpointCount[]) | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const before = new Map((endpoints?.() ?? []).map((count) => [count.name, count]))
  try {
    return await work()
  } finally {
    const made = (endpoints?.() ?? []).map(({ name, requests, failures, leftOut }) => {
      const then = before.get(name)
      return {
        name,
        requests: requests - (then?.requests ?? 0),
        failures: failures - (then?.failures ?? 0),
        leftOut: leftOut - (then?.leftOut ?? 0),
      }
    })
    await run.addRequests(stage, made)
  }
}
