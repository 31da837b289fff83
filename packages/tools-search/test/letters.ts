/** What the tests of this package share: an embedder that counts letters, passages for it, and which files are open. */
import { readdirSync, readlinkSync } from "node:fs"
import type { Embedder, Passage } from "@swirl-ts/core"

/** Counts letters: texts with the same letters are near, whatever their words. */
export function letterEmbedder(dimensions = 26): Embedder & { texts: string[] } {
  const texts: string[] = []
  return {
    identity: "letters",
    dimensions,
    texts,
    async embed(given) {
      texts.push(...given)
      return given.map((text) => {
        const vector = new Float32Array(dimensions)
        for (const letter of text.toLowerCase()) {
          const place = letter.charCodeAt(0) - 97
          if (place >= 0 && place < dimensions) vector[place]!++
        }
        const length = Math.hypot(...vector) || 1
        return vector.map((value) => value / length)
      })
    },
  }
}

export const letterWorld: Passage[] = [
  { title: "Oslo", text: "capital of Norway" },
  { title: "Loso", text: "yawron fo latipac" },
  { title: "Bergen", text: "a town by the sea" },
  { title: "Zzz", text: "zzz zzz" },
]
export const letterCorpus = { id: "letters-world", passages: () => letterWorld }

/** Files below a folder that this process holds open, by path; Linux only. */
export function openFiles(folder: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`)
      return path.startsWith(folder) ? [path] : []
    } catch {
      return [] // closed since it was listed
    }
  })
}
