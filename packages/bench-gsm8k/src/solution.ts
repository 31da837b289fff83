/** The words of a worked solution: `She sold 48/2 = <<48/2=24>>24 clips.` is a thought, a calculation, and a thought that goes on. */
import { notePattern, notesOf } from "./record.ts"

export interface WrittenNote {
  query: string
  value: string
  /** What stands before it, its own terms left out: a calculator shows those. Ends in a blank unless empty. */
  thought: string
}

/** The solution's last line, `#### 72`. */
const finalLine = /\s*####[^\n]*\s*$/
/** Behind a note stands its value once more. */
const valueAgain = /^\s*[$]?\d[\d,]*(\.\d+)?/

/** `conclusion`: what stands after the last note, ending in a line end. */
export function writtenSolution(solution: string): { notes: WrittenNote[]; conclusion: string } {
  const notes: WrittenNote[] = []
  let rest = solution
  for (const { query, value } of notesOf(solution)) {
    const note = `<<${query}=${value}>>`
    const at = rest.indexOf(note)
    notes.push({ query, value, thought: thoughtOf(rest.slice(0, at)) })
    rest = rest.slice(at + note.length).replace(valueAgain, "")
  }
  return { notes, conclusion: lined(rest.replace(finalLine, "")) }
}

/** The solution without its notes and its last line, ending in a line end. */
export const plainSolution = (solution: string): string =>
  lined(solution.replace(finalLine, "").replaceAll(notePattern, ""))

/** Without the terms at its end, as `48 / 2 = $`. */
function thoughtOf(text: string): string {
  const words = text.replace(/[$(\s]*[\d$][\d\s$=.,+\-*/x×()%]*$/, "").replace(/[\s=+\-*/x×($]+$/, "")
  return words === "" ? "" : `${words} `
}

const lined = (text: string): string => (text.trim() === "" ? text.trimEnd() : `${text.trimEnd()}\n`)
