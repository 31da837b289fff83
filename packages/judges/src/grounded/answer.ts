/**
 * Does an answer follow from the results seen? It has to be the last result, and what the question gives has to have
 * been used: with too little information any answer is bad. Whether it is true is not asked.
 */
import { type Evidence, type Result, unusedNumbers, unusedRelations } from "./evidence.ts"
import { sameNumber, soleNumber, writtenNumbers } from "./numbers.ts"
import type { GroundedSettings } from "./options.ts"
import { contentWords, nameWords, wordsOf } from "./words.ts"

/** What is wrong with the answer, in words; undefined when nothing is. */
export function answerProblem(answer: string, evidence: Evidence, settings: GroundedSettings): string | undefined {
  if (answer.trim() === "") return "the answer is empty"
  const last = evidence.results.at(-1)
  if (!last) return "nothing has been calculated or found yet: with too little information any answer is bad"
  return settings.vocabulary === "closed"
    ? (closedMismatch(answer, last) ?? closedTooEarly(evidence, settings))
    : (openMismatch(answer, last, evidence) ?? openTooEarly(last, evidence, settings))
}

function closedMismatch(answer: string, last: Result): string | undefined {
  const number = soleNumber(answer)
  const same =
    last.number !== undefined && number
      ? sameNumber(number.value, last.number)
      : answer.trim().toLowerCase() === last.value
  return same ? undefined : notLast(answer, last.value)
}

function closedTooEarly(evidence: Evidence, settings: GroundedSettings): string | undefined {
  if (evidence.relations.size === 0) return numbersLeft(evidence, settings)
  const left = unusedRelations(evidence)
  if (left.length > 0) return `the question also asks for ${left.join(", ")}, which no call has looked up`
  const words = new Set(wordsOf(evidence.question))
  const asked = settings.calculationWords.find((word) => words.has(word))
  return asked && !evidence.calculated ? `"${asked}" asks for a calculation, and none was made` : undefined
}

function numbersLeft(evidence: Evidence, settings: GroundedSettings): string | undefined {
  const left = unusedNumbers(evidence, settings)
  if (left.length <= settings.unusedNumbers) return undefined
  return `numbers of the question that no call has used: ${left.map((number) => number.text).join(", ")}`
}

function openMismatch(answer: string, last: Result, evidence: Evidence): string | undefined {
  if (last.kind === "calculator") {
    const number = soleNumber(answer) ?? lastNumber(answer)
    if (!number) return `the answer is no number; the last result is ${last.value}`
    const { value, decimals } = number
    return sameNumber(value, last.number!, decimals) ? undefined : notLast(answer, last.value)
  }
  const wanted = answerWords(answer)
  if (/^(?:yes|no)$/.test(wanted)) {
    return evidence.results.length >= 2 ? undefined : "yes or no needs at least two results to compare"
  }
  const found = evidence.results.some((result) => ` ${answerWords(result.text)} `.includes(` ${wanted} `))
  return found && wanted ? undefined : `${shorten(answer)} occurs in no result`
}

/** After a search: every word of the question's names but one has to occur in a query or a result. */
function openTooEarly(last: Result, evidence: Evidence, settings: GroundedSettings): string | undefined {
  if (last.kind === "calculator") return numbersLeft(evidence, settings)
  const met = new Set([...evidence.usedWords, ...evidence.results.flatMap((result) => contentWords(result.text))])
  const left = [...new Set(nameWords(evidence.question))].filter((word) => !met.has(word))
  return left.length > 1 ? `names of the question that no call has met: ${left.join(", ")}` : undefined
}

function lastNumber(text: string): { value: number; decimals: number } | undefined {
  const number = writtenNumbers(text).at(-1)
  return number ? { value: number.forms[0]!, decimals: /\.(\d+)/.exec(number.text)?.[1]?.length ?? 0 } : undefined
}

/** Lower case, no marks, no articles: the normalisation of SQuAD's scorer in spirit. */
function answerWords(text: string): string {
  return wordsOf(text)
    .filter((word) => word !== "a" && word !== "an" && word !== "the")
    .join(" ")
}

function notLast(answer: string, last: string): string {
  return `the answer ${shorten(answer)} is not the last result, ${shorten(last)}`
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text.trim()
}
