/** The words of a worked solution: `She sold 48/2 = <<48/2=24>>24 clips.` is a thought, a calculation, and a thought that goes on. */
import { notesOf } from "./record.ts"

export interface WrittenNote {
  query: string
  value: string
  /** What stands before it, its own terms left out: a calculator shows those. Ends in a blank unless empty. */
  thought: string
}

const note = /<<[^<>]*=[^<>=]+>>/
/** The solution's last line, `#### 72`. */
const finalLine = /\s*####[^\n]*\s*$/

/** `conclusion`: what stands after the last note, ending in a line end. */
export function writtenSolution(solution: string): { notes: WrittenNote[]; conclusion: string } {
  const [first = "", ...later] = solution.replace(finalLine, "").split(note)
  // Behind a note stands its value once more.
  const texts = [first, ...later.map((text) => text.replace(/^\s*[$]?\d[\d,]*(\.\d+)?/, ""))]
  const notes = notesOf(solution).map(({ query, value }, index) => ({
    query,
    value,
    thought: thoughtOf(texts[index]!),
  }))
  return { notes, conclusion: lined(texts.at(-1)!) }
}

/** The solution without its notes and its last line, ending in a line end. */
export const plainSolution = (solution: string): string =>
  lined(solution.replace(finalLine, "").replaceAll(new RegExp(note, "g"), ""))

/** Without the terms at its end, as `48 / 2 = $`. */
function thoughtOf(text: string): string {
  const words = text.replace(/[$(\s]*[\d$][\d\s$=.,+\-*/x×()%]*$/, "").replace(/[\s=+\-*/x×($]+$/, "")
  return words === "" ? "" : `${words} `
}

const lined = (text: string): string => (text.trim() === "" ? text.trimEnd() : `${text.trimEnd()}\n`)
