/**
 * GSM8K's own solutions as turns of a policy that has solved them: each note `<<48/2=24>>` becomes a call, what is written before
 * it the thought of that turn. A cold start is trained on them, and says so: these are labels.
 *
 *   node examples/worked-turns.mjs <train.jsonl> <first row> <rows> > worked.jsonl
 *   npx --no -- swirl generate gsm8k --split train --skip <first row> --limit <rows> --model script:worked.jsonl
 */
import { readFileSync } from "node:fs"

const [file, first, rows] = process.argv.slice(2)
if (file === undefined || !(Number(first) >= 0) || !(Number(rows) > 0)) {
  console.error("Usage: node examples/worked-turns.mjs <train.jsonl> <first row> <rows>")
  process.exit(2)
}

const lines = readFileSync(file, "utf8").trim().split("\n")
for (const line of lines.slice(Number(first), Number(first) + Number(rows))) {
  const { question, answer } = JSON.parse(line)
  process.stdout.write(`${JSON.stringify({ match: question, replies: turnsOf(answer) })}\n`)
}

/** One turn a note, then the answer. What stands behind the last note is left out: the answer says it. */
function turnsOf(answer) {
  const [solution = "", number = ""] = answer.split(/\n#### */)
  const turns = []
  let read = 0
  for (const note of solution.matchAll(/<<([^=<>]+)=[^<>]*>>/g)) {
    const thought = solution.slice(read, note.index).replace(/\s+/g, " ").trim()
    turns.push(`${thought} <math_exp>${note[1]}</math_exp>`)
    read = note.index + note[0].length
  }
  return [...turns, `<answer>${number.trim().replaceAll(",", "")}</answer>`]
}
