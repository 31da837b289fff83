/**
 * Settings of the grounded judge, one table by benchmark. A judge imports no benchmark: what it must know about how
 * questions are worded stands here, and any of it can be overridden by options.
 */
import { SwirlError, suggestion } from "@swirl-ts/core"

export interface GroundedSettings {
  /**
   * `closed`: a small vocabulary; every word that is neither a function word nor a relation is a name.
   * `open`: real text; names have capital letters, numbers may be written as words.
   */
  vocabulary: "closed" | "open"
  /** Tools whose query is an expression. A name may be short (`calculator`) or full (`tools-calculator/calculator`). */
  calculators: readonly string[]
  /** Tools whose query is words and whose result is a passage. */
  searches: readonly string[]
  /** Closed vocabulary: words that name a relation between two names. */
  relations: readonly string[]
  /** Closed vocabulary: words of a question that ask for a relation under another name. */
  implied: Readonly<Record<string, string>>
  /** Closed vocabulary: words that are neither names nor relations. */
  functionWords: readonly string[]
  /** Words of a question that cannot be answered without a calculation. */
  calculationWords: readonly string[]
  /** Operands that need no source: days a week, months a year, … */
  constants: readonly number[]
  /** Calculator calls have exactly two operands, whole and not negative; other results are no results. */
  countsOnly: boolean
  /** Longest search query in words; 0: no limit. */
  maximalQueryWords: number
  /** How many numbers of the question may stay unused: distractors. */
  unusedNumbers: number
  /**
   * What uses a number that the question gives more than once. `all`: one use counts for every occurrence (real text
   * restates numbers). `each`: every occurrence wants a use of its own. `first`: a use counts for the first occurrence
   * only, the others stay unused whatever is done (the prototype's rule: stricter, and unfair to some right answers).
   */
  repeatedNumbers: "all" | "each" | "first"
  /** A search for a known name alone, without any other word of the question, is good. */
  nameAlone: boolean
}

const realText: GroundedSettings = {
  vocabulary: "open",
  calculators: ["calculator"],
  searches: ["search"],
  relations: [],
  implied: {},
  functionWords: [],
  calculationWords: [],
  constants: [0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000, 3600, 0.5, 0.25, 0.1, 0.05, 0.01],
  countsOnly: false,
  maximalQueryWords: 0,
  unusedNumbers: 1,
  repeatedNumbers: "all",
  nameAlone: true,
}

const sandbox: GroundedSettings = {
  ...realText,
  vocabulary: "closed",
  relations: "born lives works spouse boss old mayor country based owner capital leader".split(" "),
  implied: { older: "old", age: "old" },
  functionWords:
    `use calculator search both error bad call malformed turn next so no passage matches question answer title
    what who how is are was were at in of the a and or than does do did he she they with each to its by and
    person people city cities company companies country countries where years year total together name number
    many much more fewer`.split(/\s+/),
  calculationWords: ["older", "age", "together"],
  constants: [],
  countsOnly: true,
  maximalQueryWords: 5,
  repeatedNumbers: "first",
  nameAlone: false,
}

/** By full name, by plugin name (all of its benchmarks), else real text. */
const table: Readonly<Record<string, GroundedSettings>> = { "bench-sandbox": sandbox }

export interface GroundedOptions extends Partial<GroundedSettings> {
  /** Full name of the benchmark, e.g. `bench-gsm8k/gsm8k`: picks the defaults of all other settings. */
  benchmark: string
  /** Only the noise uses it. */
  seed: number
  /** Share of verdicts that are flipped, in [0, 1]: to study judges that err. */
  noise?: number
}

export interface ResolvedOptions {
  benchmark: string
  seed: number
  noise: number
  settings: GroundedSettings
}

/** Defaults of the benchmark, overridden by options; throws a usage error for an unknown or mistyped one. */
export function resolveOptions(options: GroundedOptions & Record<string, unknown>): ResolvedOptions {
  const { benchmark, seed, noise = 0, ...overrides } = options
  if (typeof noise !== "number" || !(noise >= 0 && noise <= 1)) {
    throw new SwirlError(`Judge grounded: noise is ${JSON.stringify(noise)}; it has to be a share between 0 and 1.`, {
      kind: "usage",
    })
  }
  const defaults = table[benchmark] ?? table[benchmark.split("/")[0]!] ?? realText
  const settings: Record<string, unknown> = { ...defaults }
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue
    if (!(name in defaults)) {
      const known = ["noise", ...Object.keys(defaults)]
      throw new SwirlError(`Judge grounded has no option "${name}".${suggestion(name, known)}`, { kind: "usage" })
    }
    const wanted =
      choices[name]?.map((choice) => `"${choice}"`).join(" or ") ?? kindOf(defaults[name as keyof GroundedSettings])
    if (choices[name] ? !choices[name].includes(String(value)) : kindOf(value) !== wanted) {
      throw new SwirlError(`Judge grounded: option "${name}" is ${JSON.stringify(value)}; it has to be ${wanted}.`, {
        kind: "usage",
      })
    }
    settings[name] = value
  }
  return { benchmark, seed, noise, settings: settings as unknown as GroundedSettings }
}

const choices: Readonly<Record<string, readonly string[]>> = {
  vocabulary: ["open", "closed"],
  repeatedNumbers: ["all", "each", "first"],
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`
}
