/** Requests to the servers of one model: counted by endpoint, in progress and in `run.json`. */
import { z } from "zod"

export const EndpointCountSchema = z.object({
  /** Its address, without user and password. */
  name: z.string(),
  /** Sent, those that failed among them. */
  requests: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Of the failures: refused because there were too many, or because the server was overloaded (429, 503), and sent again. Absent in records of before it was counted. */
  refused: z.int().nonnegative().optional(),
  /** How often it was left out because it failed. */
  leftOut: z.int().nonnegative(),
})

export interface EndpointCount extends z.infer<typeof EndpointCountSchema> {
  inFlight: number
  /** Now. */
  isLeftOut: boolean
  /** How many may be in flight now. */
  window?: number
  /** How many are sent a second at most; undefined where it has refused none. */
  pace?: number
}

export type RecordedEndpoint = z.infer<typeof EndpointCountSchema>

/** By endpoint; counts of one are added. */
export function addEndpoints(...counts: readonly (readonly RecordedEndpoint[])[]): RecordedEndpoint[] {
  const all = new Map<string, RecordedEndpoint>()
  for (const { name, requests, failures, refused, leftOut } of counts.flat()) {
    const known = all.get(name) ?? { name, requests: 0, failures: 0, leftOut: 0 }
    const isCounted = refused !== undefined || known.refused !== undefined
    all.set(name, {
      name,
      requests: known.requests + requests,
      failures: known.failures + failures,
      refused: isCounted ? (known.refused ?? 0) + (refused ?? 0) : undefined,
      leftOut: known.leftOut + leftOut,
    })
  }
  return [...all.values()]
}

/** `127.0.0.1:8000 120 requests (8 now), 127.0.0.1:8001 3 (left out)`; nothing of a single one. */
export function endpointsInWords(counts: readonly EndpointCount[] = []): string | undefined {
  if (counts.length < 2) return undefined
  return counts
    .map(({ name, requests, inFlight, isLeftOut }) => {
      const host = URL.canParse(name) ? new URL(name).host : name
      return `${host} ${requests} (${isLeftOut ? "left out" : `${inFlight} now`})`
    })
    .join(", ")
}
