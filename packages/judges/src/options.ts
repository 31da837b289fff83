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
  /** Longest search query in words; Infinity is written as 0. */
  maximalQueryWords: number
  /** How many numbers of the question may stay unused: distractors. */
  unusedNumbers: number
  /** A number that occurs twice in a question is used once it is used once as often as it occurs (true), or counts once (false). */
  countRepeatedUse: boolean
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
  constants: [
    0, 1, 2, 3, 4, 7, 10, 12, 24, 28, 30, 31, 36, 48, 52, 60, 100, 360, 365, 1000, 3600, 0.5, 0.25, 0.1, 0.01,
  ],
  countsOnly: false,
  maximalQueryWords: 0,
  unusedNumbers: 1,
  countRepeatedUse: true,
  nameAlone: true,
}

const sandbox: GroundedSettings = {
  ...realText,
  vocabulary: "closed",
  relations: "born lives works spouse boss old mayor country based owner capital leader".split(" "),
  implied: { older: "old", age: "old" },
  functionWords:
    `use calculator search both error bad call what who how is are was in at of the a and or than does do did he she they
    person city company people cities companies countries where years year total name number many much more fewer old older age now
    question answer title`.split(/\s+/),
  calculationWords: ["older", "age"],
  constants: [],
  countsOnly: true,
  maximalQueryWords: 5,
  countRepeatedUse: false,
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
    const expected = kindOf(defaults[name as keyof GroundedSettings])
    if (kindOf(value) !== expected || (name === "vocabulary" && value !== "open" && value !== "closed")) {
      const wanted = name === "vocabulary" ? '"open" or "closed"' : expected
      throw new SwirlError(`Judge grounded: option "${name}" is ${JSON.stringify(value)}; it has to be ${wanted}.`, {
        kind: "usage",
      })
    }
    settings[name] = value
  }
  return { benchmark, seed, noise, settings: settings as unknown as GroundedSettings }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`
}
