/** What a status line says of requests: how many are in flight of how many may be, what was sent again, what was used. */
import type { EndpointCount } from "@swirl-ts/core"

/** `12 in flight (at most 16, 3.1/s), 4 sent again, 12,345 tokens, $0.12`. */
export function requestsInWords(
  counts: readonly EndpointCount[],
  { inputTokens, outputTokens, dollars }: { inputTokens: number; outputTokens: number; dollars?: number },
): string {
  const sum = (of: (count: EndpointCount) => number): number => counts.reduce((total, count) => total + of(count), 0)
  const limits = [
    // Before its first refusal, nothing is known of what a server takes.
    ...(counts.every(({ pace }) => pace !== undefined)
      ? [`at most ${sum(({ window = 0 }) => window)}`, `${sum(({ pace = 0 }) => pace).toFixed(1)}/s`]
      : []),
  ]
  const failures = sum((count) => count.failures)
  const down = counts.filter(({ isLeftOut }) => isLeftOut).length
  return [
    `${sum(({ inFlight }) => inFlight)} in flight${limits.length > 0 ? ` (${limits.join(", ")})` : ""}`,
    ...(failures > 0 ? [`${failures} sent again`] : []),
    ...(down > 0 ? [counts.length === 1 ? "the server is down" : `${down} of ${counts.length} servers are down`] : []),
    `${(inputTokens + outputTokens).toLocaleString("en-US")} tokens`,
    ...(dollars === undefined ? [] : [`$${dollars.toFixed(dollars < 1 ? 4 : 2)}`]),
  ].join(", ")
}
