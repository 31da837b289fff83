/**
 * Thoughts that stand in a model's text, because nothing between the model and here reads them: what is left is the turn
 * that acts. Invariant: a text without any of these marks stays as it is, character by character.
 */

export interface SeparatedText {
  /** What the model said. */
  text: string
  /** What it thought before, without the marks; absent where it did not. */
  thought?: string
}

const names = "think|thinking|thought|reasoning|seed:think"
const [opens, closes] = ["\\[THINK\\]|◁think▷", "\\[/THINK\\]|◁/think▷"]
const closed = new RegExp(`<(${names})>([\\s\\S]*?)</\\1>|(?:${opens})([\\s\\S]*?)(?:${closes})`, "gi")
/** The chat template has opened the thought, so that the text begins within it. */
const openedBefore = new RegExp(`^([\\s\\S]*)(?:</(?:${names})>|${closes})`, "i")
/** A thought that never ends leaves nothing said. */
const neverClosed = new RegExp(`(?:<(?:${names})>|${opens})([\\s\\S]*)$`, "i")

/** Takes off `<think>…</think>` and its kin, also where the text begins within the thought or ends in it. */
export function separateThought(written: string): SeparatedText {
  const thoughts: string[] = []
  const keep = (thought: string): string => {
    if (thought.trim() !== "") thoughts.push(thought.trim())
    return ""
  }
  const text = written
    .replace(closed, (_all, _name, tagged?: string, bracketed?: string) => keep(tagged ?? bracketed ?? ""))
    .replace(openedBefore, (_all, thought: string) => keep(thought))
    .replace(neverClosed, (_all, thought: string) => keep(thought))
  if (text === written) return { text }
  return { text: text.trimStart(), thought: thoughts.length > 0 ? thoughts.join("\n\n") : undefined }
}
