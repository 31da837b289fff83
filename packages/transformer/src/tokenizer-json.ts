/**
 * A tokenizer.json that @huggingface/tokenizers reads as the Rust library does. Where the two differ (which characters are
 * numerals, words or blanks), the part is written as a `Split` or `Replace` by a pattern that says it by Unicode's classes.
 */

type Json = Readonly<Record<string, unknown>>

const word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d"
const blank = "\\p{White_Space}"

/** What GPT-2 split its text by. */
const byteLevelPattern = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${blank}\\p{L}\\p{N}]+|${blank}+(?!\\P{White_Space})|${blank}+`

const split = (pattern: string, behavior: "Isolated" | "Removed", invert = false): Json => ({
  type: "Split",
  pattern: { Regex: pattern },
  behavior,
  invert,
})

/**
 * Groups that ignore case, `(?i:…)`, with every case of each letter written out: Unicode folds the long s and the Kelvin sign too.
 * Ones that hold a class of characters, another group or an escape are left to the library.
 */
const withCases = (pattern: string): string =>
  pattern.replace(/\(\?i:([^()[\]\\]*)\)/g, (_, choices: string) => `(?:${choices.replace(/\p{L}/gu, casesOf)})`)

const furtherCases: Readonly<Record<string, string>> = { s: "\u017f", k: "\u212a" }

function casesOf(letter: string): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()]
  return lower === upper ? letter : `[${lower}${upper}${furtherCases[lower] ?? ""}]`
}

const preTokenizers: Readonly<Record<string, (settings: Json) => Json>> = {
  Split: (settings) => {
    const { Regex: pattern } = (settings.pattern ?? {}) as Json
    return typeof pattern === "string" ? { ...settings, pattern: { Regex: withCases(pattern) } } : settings
  },
  Digits: ({ individual_digits }) => split(individual_digits ? "\\p{N}" : "\\p{N}+", "Isolated"),
  Whitespace: () => split(`[${word}]+|[^${word}${blank}]+`, "Removed", true),
  WhitespaceSplit: () => split(blank, "Removed"),
  // With a blank before every text, what is split is no longer the text itself: that is left to the library.
  ByteLevel: (settings) =>
    settings.use_regex === false || settings.add_prefix_space
      ? settings
      : {
          type: "Sequence",
          pretokenizers: [split(byteLevelPattern, "Isolated"), { ...settings, use_regex: false }],
        },
}

const normalizers: Readonly<Record<string, (settings: Json) => Json>> = {
  Strip({ strip_left = true, strip_right = true }) {
    // Of the whole text: `^` and `$` are those of a line here.
    const ends = [...(strip_left ? [`(?<![\\s\\S])${blank}+`] : []), ...(strip_right ? [`${blank}+(?![\\s\\S])`] : [])]
    return ends.length === 0
      ? { type: "Sequence", normalizers: [] }
      : { type: "Replace", pattern: { Regex: ends.join("|") }, content: "" }
  },
}

export function asRustReadsIt(tokenizer: Json): Json {
  return {
    ...tokenizer,
    normalizer: rewritten(tokenizer.normalizer, "normalizers", normalizers),
    pre_tokenizer: rewritten(tokenizer.pre_tokenizer, "pretokenizers", preTokenizers),
  }
}

function rewritten(part: unknown, list: string, rules: typeof preTokenizers): unknown {
  if (typeof part !== "object" || part === null) return null
  const settings = part as Json
  const parts = settings[list]
  if (Array.isArray(parts)) return { ...settings, [list]: parts.map((each) => rewritten(each, list, rules)) }
  return rules[`${settings.type}`]?.(settings) ?? settings
}

/** One that reads the names of these tokens as text; the unknown token stays, for what is not in the vocabulary. */
export function withoutSpecialTokens(tokenizer: Json, names: readonly string[], unknown: string): Json {
  const isGone = (token: string): boolean => token !== unknown && names.includes(token)
  const model = (tokenizer.model ?? {}) as Json
  const { vocab } = model
  const added = (tokenizer.added_tokens ?? []) as { content: string }[]
  return {
    ...tokenizer,
    added_tokens: added.filter(({ content }) => !names.includes(content)),
    model: {
      ...model,
      vocab: Array.isArray(vocab)
        ? // Places are ids: one that is gone keeps its own, by a name that no text has.
          (vocab as [string, number][]).map(([token, score], id) => [isGone(token) ? `\ufdd0${id}` : token, score])
        : Object.fromEntries(Object.entries((vocab ?? {}) as Json).filter(([token]) => !isGone(token))),
    },
  }
}
