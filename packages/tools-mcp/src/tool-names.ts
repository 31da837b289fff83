/**
 * The names that models call tools by: `<server>_<tool>`, in the characters that every action format and every model
 * server takes. Invariant: no two tools have the same one, whatever servers call theirs.
 */
import { contentHash } from "@swirl-ts/core"

/** What OpenAI's servers accept for the name of a function. */
const longest = 64

/** `tools` as `[server, tool]`; the names come in their order. */
export function modelNames(tools: readonly (readonly [server: string, tool: string])[]): string[] {
  const plain = tools.map(([server, tool]) => `${server}_${tool}`)
  const written = plain.map((name) => name.replace(/[^A-Za-z0-9_-]/g, "_"))
  // A name that needs no change goes to the tool that has it; of others the first one gets it.
  const isTaken = (i: number): boolean => {
    const rivals = written.flatMap((name, j) => (name === written[i] && j !== i ? [j] : []))
    const isOwn = plain[i] === written[i]
    return rivals.some((j) => (j < i && !isOwn) || (plain[j] === written[j] && (j < i || !isOwn)))
  }
  return written.map((name, i) => (isTaken(i) || name.length > longest ? marked(name, tools[i]!) : name))
}

const marked = (name: string, tool: readonly string[]): string =>
  `${name.slice(0, longest - 9)}_${contentHash(tool, 8)}`
