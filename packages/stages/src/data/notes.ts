/** What a benchmark remarks on its files while they are read: said as ever, and kept for the result. */
import type { Host } from "@swirl-ts/core"

export function withNotes(host: Host): { host: Host; notes: string[] } {
  const notes: string[] = []
  const log = (line: string): void => {
    notes.push(line)
    host.log(line)
  }
  return { host: { ...host, log }, notes }
}
