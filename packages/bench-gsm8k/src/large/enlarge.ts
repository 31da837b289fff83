/**
 * A question of GSM8K with its numbers made large, as GSM-Hard of PAL (Gao et al. 2022, arXiv 2211.10435) does it: numbers of
 * four to seven digits where there were others, and every annotated calculation worked out again, exactly. Numbers are
 * drawn, seeded by the question, until the chain holds: no part of it needs more decimal places than it did, none that was
 * positive is not, and all are small enough for a calculator that counts in doubles.
 */
import { type Random, random, seedFrom } from "@swirl-ts/core"
import Fraction from "fraction.js"
import { readings } from "../readings.ts"
import type { Gsm8kRecord } from "../record.ts"
import { decimalsOf, withNumbers, workOut } from "./calculation.ts"
import { type Chain, type Reason, type Step, traceChain } from "./chain.ts"
import { keyOf } from "./constants.ts"

export interface Enlarged {
  record: Gsm8kRecord
  /** Old numbers and new ones, as the question's digits. */
  replaced: { old: string; new: string }[]
}

const tries = 500
/** All significant digits of what a calculation comes to, so that doubles hold it. */
const tooLarge = 10n ** 15n

export function enlarge(record: Gsm8kRecord, seed: number): Enlarged | Reason {
  const gold = readings.official.extract(record.answer)
  const chain = traceChain(record, gold)
  if (typeof chain === "string") return chain
  const draw = random(seedFrom("gsm-large", seed, record.question))
  for (let attempt = 0; attempt < tries; attempt++) {
    const numbers = drawNumbers(chain, draw, attempt < tries / 2 ? 7 : 5)
    const worked = numbers && workOutChain(chain.steps, numbers)
    if (worked === "ambiguous") return worked
    const answer = worked?.at(-1)?.result.toString()
    if (worked && answer !== undefined && answer !== gold) return written(record.question, chain, numbers!, worked)
  }
  return "noNumbers"
}

/** As many as there are to find, in the order of the old ones, each with as many decimal places as it had. */
function drawNumbers({ mentions, free }: Chain, draw: Random, digits: number): Map<string, Fraction> | undefined {
  const drawn = free.map(() => Math.floor(10 ** (3 + draw.next() * (digits - 3)))).sort((a, b) => a - b)
  const olds = free.map((key) => new Fraction(key)).sort((a, b) => a.compare(b))
  const numbers = new Map<string, Fraction>()
  const taken = new Set(mentions.map(({ value }) => keyOf(value)))
  for (const [place, old] of olds.entries()) {
    const scale = 10 ** decimalsOf(old)
    const behind = scale === 1 ? 0 : draw.integer(1, scale - 1)
    const value = new Fraction(drawn[place]!).add(new Fraction(behind, scale))
    if (taken.has(keyOf(value))) return undefined
    taken.add(keyOf(value))
    numbers.set(keyOf(old), value)
  }
  return numbers
}

interface Worked {
  query: string
  result: Fraction
}

/** Undefined where the numbers do not do; ambiguous where two results that were the same are no longer. */
function workOutChain(
  steps: readonly Step[],
  numbers: ReadonlyMap<string, Fraction>,
): Worked[] | "ambiguous" | undefined {
  const worked: Worked[] = []
  for (const { calculation, origins, parts } of steps) {
    const values: Fraction[] = []
    for (const [place, { value }] of calculation.numbers.entries()) {
      const origin = origins[place]!
      if (origin === "constant") values.push(value)
      else if ("number" in origin) values.push(numbers.get(origin.number) ?? value)
      else {
        const [first, ...others] = origin.results.map((result) => worked[result]!.result)
        if (others.some((other) => !other.equals(first!))) return "ambiguous"
        values.push(first!)
      }
    }
    const now = workOut(calculation, values)
    if (!now?.every((part, place) => doesAs(part, parts[place]!))) return undefined
    worked.push({ query: withNumbers(calculation, values), result: now.at(-1)! })
  }
  return worked
}

function doesAs(part: Fraction, before: Fraction): boolean {
  const decimals = decimalsOf(before)
  if (before.s >= 0n && part.s < before.s) return false
  if (decimals === Number.POSITIVE_INFINITY) return true
  const own = decimalsOf(part)
  return own <= decimals && part.n * 10n ** BigInt(own) < tooLarge * part.d
}

function written(
  question: string,
  { mentions }: Chain,
  numbers: ReadonlyMap<string, Fraction>,
  worked: readonly Worked[],
): Enlarged {
  const withCommas = mentions.some(({ text }) => text.includes(","))
  const replaced: Enlarged["replaced"] = []
  let text = ""
  let end = 0
  for (const mention of mentions) {
    const value = mention.isCount ? numbers.get(keyOf(mention.value)) : undefined
    if (!value) continue
    const decimals = mention.text.split(".")[1]?.length ?? 0
    const [whole = "", behind = ""] = value.toString().split(".")
    const before = withCommas ? whole.replace(/\B(?=(?:\d{3})+$)/g, ",") : whole
    const own = decimals > 0 ? `${before}.${behind.padEnd(decimals, "0")}` : before
    replaced.push({ old: mention.text, new: own })
    text += question.slice(end, mention.start) + own
    end = mention.end
  }
  const lines = worked.map(({ query, result }) => `${query} = <<${query}=${result.toString()}>>${result.toString()}`)
  return {
    record: {
      question: text + question.slice(end),
      answer: [...lines, `#### ${worked.at(-1)!.result.toString()}`].join("\n"),
    },
    replaced,
  }
}
