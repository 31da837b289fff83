/**
 * Settings of the grounded judge; the defaults are for real text. How the questions of a benchmark are worded is the
 * benchmark's to say (its `judgeOptions`): none is known here.
 */
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { noiseOption } from "../noise.ts"

const texts = z.array(z.string())

const SettingsSchema = z.strictObject({
  /**
   * `closed`: a small vocabulary; every word that is neither a function word nor a relation is a name.
   * `open`: real text; names have capital letters, numbers may be written as words.
   */
  vocabulary: z.enum(["closed", "open"]).default("open"),
  /** Tools whose query is an expression. A name may be short (`calculator`) or full (`tools-calculator/calculator`). */
  calculators: texts.default(["calculator"]),
  /** Tools whose query is words and whose result is a passage. */
  searches: texts.default(["search"]),
  /** Closed vocabulary: words that name a relation between two names. */
  relations: texts.default([]),
  /** Closed vocabulary: words of a question that ask for a relation under another name. */
  implied: z.record(z.string(), z.string()).default({}),
  /** Closed vocabulary: words that are neither names nor relations. */
  functionWords: texts.default([]),
  /** Words of a question that cannot be answered without a calculation. */
  calculationWords: texts.default([]),
  /** Operands that need no source: days a week, months a year, … */
  constants: z
    .array(z.number())
    .default([0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000, 3600, 0.5, 0.25, 0.1, 0.05, 0.01]),
  /** Calculator calls have exactly two operands, whole and not negative; other results are no results. */
  countsOnly: z.boolean().default(false),
  /** Longest search query in words; 0: no limit. */
  maximalQueryWords: z.int().min(0).default(0),
  /** How many numbers of the question may stay unused: distractors. */
  unusedNumbers: z.int().min(0).default(1),
  /**
   * What uses a number that the question gives more than once. `all`: one use counts for every occurrence (real text
   * restates numbers). `each`: every occurrence wants a use of its own. `first`: a use counts for the first occurrence
   * only, the others stay unused whatever is done (the prototype's rule: stricter, and unfair to some right answers).
   */
  repeatedNumbers: z.enum(["all", "each", "first"]).default("all"),
  /** A search for a known name alone, without any other word of the question, is good. */
  nameAlone: z.boolean().default(true),
})
export type GroundedSettings = z.output<typeof SettingsSchema>

const OptionsSchema = SettingsSchema.extend({ noise: noiseOption })

export interface GroundedOptions extends z.input<typeof OptionsSchema> {
  /** Full name of the benchmark, e.g. `bench-gsm8k/gsm8k`: part of the identity. */
  benchmark: string
  /** Only the noise uses it. */
  seed: number
}

/** `judge` is the name that messages give. */
export function readGrounded(judge: string, { benchmark, seed, ...options }: GroundedOptions) {
  const { noise, ...settings } = readOptions(`judge ${judge}`, OptionsSchema, options)
  return { benchmark, seed, noise, settings }
}
