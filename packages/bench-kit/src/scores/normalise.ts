/**
 * The normalisation that HotpotQA, MuSiQue and BeerQA took from SQuAD, step by step in their order: lower case, ASCII
 * punctuation deleted with nothing in its place, articles to a space, white space joined.
 */
import { pythonLower, pythonSplit, wordCharacters } from "./python-text.ts"

/** Python's `string.punctuation`: ASCII only, so curly quotes and dashes stay. */
const punctuation = /[!-/:-@[-`{-~]/g
const articles = new RegExp(`(?<![${wordCharacters}])(?:a|an|the)(?![${wordCharacters}])`, "gu")

/** Words of a normalised answer. Source: `normalize_answer` and `.split()` of hotpot_evaluate_v1.py. */
export function answerTokens(text: string): string[] {
  return pythonSplit(pythonLower(text).replace(punctuation, "").replace(articles, " "))
}

/** The same words, one space between two. */
export const normaliseAnswer = (text: string): string => answerTokens(text).join(" ")

/** `answerKey` of benchmarks that compare answers in this way. */
export const answerKey = (answer: string): string | undefined => normaliseAnswer(answer) || undefined

/** Whether the words of an answer stand in a text, one after another (ours, for gold-step recall). Never for an answer without words. */
export function containsAnswer(text: string, answer: string): boolean {
  const wanted = normaliseAnswer(answer)
  return wanted !== "" && ` ${normaliseAnswer(text)} `.includes(` ${wanted} `)
}

/**
 * Whether a search result shows a passage of this title: a line `Title: text`, numbered or not. A data set may write the
 * title in another Unicode form than its passages do.
 */
export function showsTitle(observation: string, title: string): boolean {
  const composed = title.normalize()
  return observation
    .normalize()
    .split("\n")
    .some((line) => {
      const plain = line.replace(/^\[\d+\] /, "")
      return plain === composed || plain.startsWith(`${composed}: `)
    })
}
