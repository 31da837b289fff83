/**
 * Five readings of a whole model response, each to the letter of the script it stands for: same expression, same match
 * taken, same cleaning, strings compared and never numbers.
 *   official            openai/grade-school-math @ 3101c7d, `grade_school_math/dataset.py`
 *   strict, flexible    lm-evaluation-harness @ 4e7e0d4, task `gsm8k` v3.0, filters `strict-match`, `flexible-extract`
 *   cot_strict          task `gsm8k_cot` v3.0, filter `strict-match`
 *   cot_llama_strict    task `gsm8k_cot_llama` v4.0, filter `strict-match`
 * The harness cuts a generation at a task's stop strings before it reads it, so its four readings do that here too.
 * The expressions are Python's; the one difference to JavaScript's is spelled out (`.` is everything but `\n`).
 */

import { pythonStrip } from "@swirl-ts/bench-kit"

/** What every script gives where its expression matches nothing. */
export const INVALID = "[invalid]"

export interface Reading {
  /** The answer as the script cuts it out of a response. */
  extract(response: string): string
  /** Whether the script calls the response right; `gold` is the whole `answer` of the dataset. */
  isRight(response: string, gold: string): boolean
}

const marked = /#### (-?[0-9.,]+)/
const anyNumber = /(-?[$0-9.,]{2,})|(-?[0-9]+)/g

const firstMatch = (response: string, pattern: RegExp): string => pattern.exec(response)?.[1] ?? INVALID

/** The last match, of it the first group that matched something. */
function lastMatch(response: string, pattern: RegExp): string {
  const last = [...response.matchAll(pattern)].at(-1)
  return last?.slice(1).find((group) => group) ?? INVALID
}

const officialExtract = (text: string): string => firstMatch(text, marked).replaceAll(",", "")

/** The harness's `exact_match`: commas, dollars, all up to the last `#### ` and one full stop at the end do not count. */
function cleaned(text: string): string {
  return text
    .replaceAll(",", "")
    .replaceAll("$", "")
    .split("#### ")
    .at(-1)!
    .replace(/\.(?=\n?$)/, "")
    .toLowerCase()
}

const wholeAnswer = (gold: string): string => gold
/** The targets of both chain-of-thought tasks: what follows the last `####`. */
const afterMark = (gold: string): string => pythonStrip(gold.split("####").at(-1)!)

interface HarnessTask {
  stops: readonly string[]
  target(gold: string): string
}
const base: HarnessTask = { stops: ["Question:", "</s>", "<|im_end|>"], target: wholeAnswer }
const chainOfThought: HarnessTask = { stops: ["Q:", "</s>", "<|im_end|>"], target: afterMark }
const llama: HarnessTask = {
  stops: ["<|eot_id|>", "<|start_header_id|>user<|end_header_id|>", ...chainOfThought.stops],
  target: afterMark,
}

function harnessReading({ stops, target }: HarnessTask, find: (generation: string) => string): Reading {
  const extract = (response: string): string => find(stops.reduce((text, stop) => text.split(stop)[0]!, response))
  return { extract, isRight: (response, gold) => cleaned(extract(response)) === cleaned(target(gold)) }
}

/** Metric name -> reading, in the order metrics are printed. */
export const readings = {
  official: {
    extract: officialExtract,
    isRight: (response, gold) => {
      const expected = officialExtract(gold)
      return expected !== INVALID && officialExtract(response) === expected
    },
  },
  strict: harnessReading(base, (text) => firstMatch(text, marked)),
  flexible: harnessReading(base, (text) => lastMatch(text, anyNumber)),
  cot_strict: harnessReading(chainOfThought, (text) => firstMatch(text, /The answer is (-?[0-9.,]+)[^\n]/)),
  cot_llama_strict: harnessReading(llama, (text) =>
    lastMatch(text, /The final answer is ((-?[$0-9.,]{2,})|(-?[0-9]+))/g),
  ),
} as const satisfies Record<string, Reading>

export type ReadingName = keyof typeof readings
export const readingNames = Object.keys(readings) as ReadingName[]

/** All five readings of one response, 1 right or 0; no response is wrong in each. */
export function readAll(response: string | undefined, gold: string): Record<ReadingName, number> {
  const entries = readingNames.map((name) => [
    name,
    response !== undefined && readings[name].isRight(response, gold) ? 1 : 0,
  ])
  return Object.fromEntries(entries) as Record<ReadingName, number>
}
