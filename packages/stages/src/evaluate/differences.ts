/**
 * What differs between two evaluations of one cell beside the policy, by the questions that are compared: hashes that samples
 * carry, then settings, digests and makers of `run.json`. What one of the two does not say is claimed of neither.
 */
import { contentHash, type Differs, type EvalSample, makerFacts, makersOf, shortFact } from "@swirl-ts/core"
import type { MeasuredCell } from "./cell-result.ts"

/** Samples of one question, of both sides. */
export interface SamplePair {
  before: readonly EvalSample[]
  after: readonly EvalSample[]
}

/** Undefined where nothing does. */
export function differences(base: MeasuredCell, row: MeasuredCell, pairs: readonly SamplePair[]): Differs | undefined {
  const found = [
    ...differentData(base, row),
    ...differentPrompts(pairs),
    ...differentDigest("tools", base.facts?.digests.tools, row.facts?.digests.tools),
    ...differentLists("passages to search", base.facts?.digests.corpora, row.facts?.digests.corpora),
    ...differentSettings(base, row),
    ...differentMakers(base, row, pairs),
  ]
  return found.length > 0 ? found : undefined
}

/** Of all that tasks have, of all questions of both sides. Those that are compared have the same text and reference. */
const differentData = (base: MeasuredCell, row: MeasuredCell): Differs =>
  differentLists("data", base.facts?.digests.dataset, row.facts?.digests.dataset)

function differentPrompts(pairs: readonly SamplePair[]): Differs {
  const both = pairs.flatMap(({ before, after }) => {
    const [a, b] = [before, after].map((samples) => samples.find(({ promptHash }) => promptHash)?.promptHash)
    return a && b ? [{ a, b }] : []
  })
  const { length } = both.filter(({ a, b }) => a !== b)
  const of = (side: "a" | "b"): string =>
    contentHash(
      both.map((each) => each[side]),
      short,
    )
  return length > 0 ? [{ what: "prompts", a: of("a"), b: of("b"), questions: length }] : []
}

/** A digest of a list says how long the list was: two of other lengths say nothing of each other. */
function differentLists(what: string, a = "", b = ""): Differs {
  const [lengthA, digestA] = a.split(":")
  const [lengthB, digestB] = b.split(":")
  return lengthA === lengthB ? differentDigest(what, digestA, digestB) : []
}

const differentDigest = (what: string, a: string | undefined, b: string | undefined): Differs =>
  a === undefined || b === undefined || a === b ? [] : [{ what, a: a.slice(0, short), b: b.slice(0, short) }]
const short = 8

const compared = [
  ["actionFormat", "action format"],
  ["limits", "limits"],
  ["toolLimits", "limits of tools"],
] as const

function differentSettings({ facts: a }: MeasuredCell, { facts: b }: MeasuredCell): Differs {
  if (!a || !b) return []
  const said = (value: unknown): string =>
    value === undefined ? "none of its own" : typeof value === "string" ? value : JSON.stringify(value)
  return compared.flatMap(([name, what]) =>
    contentHash([a.settings[name] ?? null]) === contentHash([b.settings[name] ?? null])
      ? []
      : [{ what, a: said(a.settings[name]), b: said(b.settings[name]) }],
  )
}

/** By plugin, where both sides have it: the policy's own is in one of them alone. What differs alike is told together. */
function differentMakers(base: MeasuredCell, row: MeasuredCell, pairs: readonly SamplePair[]): Differs {
  const [a, b] = [
    valuesOf(
      base,
      pairs.flatMap(({ before }) => before),
    ),
    valuesOf(
      row,
      pairs.flatMap(({ after }) => after),
    ),
  ]
  const differing = [...a].flatMap(([name, { what, of, values }]) => {
    const other = b.get(name)
    if (!other) return []
    const [before, after] = [values, other.values].map((each) => [...each].sort().join(", ")) as [string, string]
    return before === after ? [] : [{ what, of, a: before, b: after }]
  })
  const alike = Map.groupBy(differing, ({ what, a, b }) => JSON.stringify([what, a, b]))
  return [...alike.values()].map((same) => {
    const { what, a, b } = same[0]!
    return { what: `${what} of ${same.map(({ of }) => of).join(", ")}`, a, b }
  })
}

function valuesOf({ facts }: MeasuredCell, samples: readonly EvalSample[]) {
  const found = new Map<string, { what: string; of: string; values: Set<string> }>()
  for (const maker of makersOf(samples, facts?.makers ?? []).makers) {
    for (const { what, of, value } of makerFacts(maker)) {
      const name = `${what} ${of}`
      const fact = found.get(name) ?? { what, of, values: new Set<string>() }
      found.set(name, fact)
      fact.values.add(shortFact(what, value))
    }
  }
  return found
}
