/** What is said of a file that cannot be imported: where, why, and what to do. Nothing has been written then. */
import { SwirlError } from "@swirl-ts/core"

export interface Place {
  file: string
  /** From 1. */
  line?: number
  /** Inside of an archive. */
  entry?: string
  /** Of the conversation. */
  id?: string
}

export function badFile(place: Place, problem: string, advice: string, cause?: unknown): SwirlError {
  return new SwirlError(`${whereIs(place)} ${problem}. ${advice} Nothing was imported.`, { kind: "usage", cause })
}

function whereIs({ file, line, entry, id }: Place): string {
  const parts = [
    file,
    ...(entry === undefined ? [] : [printable(entry)]),
    ...(line === undefined ? [] : [`line ${line}`]),
  ]
  return `${parts.join(", ")}${id === undefined ? "" : ` (id ${printable(id)})`}`
}

/** Names in other people's files may hold anything. */
const printable = (text: string): string =>
  text
    .slice(0, 120)
    .replace(/[\p{Cc}\p{Cf}\ufeff]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`)
