/** How a text is split into the pieces that the model encodes one by one. */
import { inByteAlphabet } from "./byte-alphabet.ts"
import { blank, punctuation, word } from "./characters.ts"
import { makerOf, type Part, partsOf } from "./part.ts"
import { patternOf } from "./pattern.ts"
import { type Behaviour, isBehaviour, split } from "./split.ts"

/** The pieces of a text; `isFirst`: it begins where the whole text begins. */
export type PreTokenizer = (text: string, isFirst: boolean) => readonly string[]

const by =
  (pattern: RegExp, behaviour: Behaviour, isInverted = false): PreTokenizer =>
  (text) =>
    split(text, pattern, behaviour, isInverted)

const classes = (source: string): RegExp => new RegExp(source, "gv")

/** What GPT-2 split its text by. */
const byteLevelPattern = classes(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${blank}\\p{L}\\p{N}]+|${blank}+(?!\\P{White_Space})|${blank}+`,
)

const makers: Readonly<Record<string, (part: Part) => PreTokenizer>> = {
  Split: (part) => by(patternOf(part), behaviourOf(part), part.settings.invert === true),
  Punctuation: (part) => by(classes(`[${punctuation}]`), behaviourOf(part, "Isolated")),
  Digits: ({ settings }) => by(classes("\\p{N}"), settings.individual_digits ? "Isolated" : "Contiguous"),
  Whitespace: () => by(classes(`[${word}]+|[^${word}${blank}]+`), "Removed", true),
  WhitespaceSplit: () => by(classes(blank), "Removed"),
  BertPreTokenizer: () => (text) =>
    split(text, classes(blank), "Removed").flatMap((part) => split(part, classes(`[${punctuation}]`), "Isolated")),
  CharDelimiterSplit: ({ settings: { delimiter }, refuse, type }) =>
    typeof delimiter === "string" && delimiter !== ""
      ? by(patternOf({ type, refuse, settings: { pattern: { String: delimiter } } }), "Removed")
      : refuse("has no delimiter"),
  FixedLength: ({ settings: { length = 5 }, refuse }) => {
    if (typeof length !== "number" || !(length > 0)) return refuse(`has the length ${JSON.stringify(length)}`)
    return by(classes(`[\\s\\S]{1,${length}}`), "Isolated")
  },
  Metaspace: metaspace,
  ByteLevel:
    ({ settings: { add_prefix_space = true, use_regex = true } }) =>
    (text) => {
      const begun = add_prefix_space && !text.startsWith(" ") ? ` ${text}` : text
      return (use_regex ? split(begun, byteLevelPattern, "Isolated") : [begun]).map(inByteAlphabet)
    },
}

export function createPreTokenizer(value: unknown): PreTokenizer {
  const parts = partsOf(value, "pre-tokenizer", "pretokenizers")
  if (parts.slice(1).some(asksForThePlace)) parts[0]!.refuse("stands before one that asks where a text begins")
  const all = parts.map((part) => makerOf(part, makers))
  return (text, isFirst) =>
    all.reduce<readonly string[]>(
      (pieces, each) => pieces.flatMap((piece) => each(piece, isFirst)).filter((piece) => piece !== ""),
      [text],
    )
}

/** Does one of them ask whether a text is the beginning of the whole one? */
export const placeMatters = (value: unknown): boolean =>
  partsOf(value, "pre-tokenizer", "pretokenizers").some(asksForThePlace)

const asksForThePlace = (part: Part): boolean => part.type === "Metaspace" && schemeOf(part) === "first"

function behaviourOf({ settings: { behavior }, refuse }: Part, usual?: Behaviour): Behaviour {
  const name = behavior ?? usual
  return isBehaviour(name) ? name : refuse(`has the behavior ${JSON.stringify(behavior)}`)
}

function metaspace(part: Part): PreTokenizer {
  const { replacement = "▁", split: splits = true } = part.settings
  if (typeof replacement !== "string" || [...replacement].length !== 1) return part.refuse("has no replacement")
  const scheme = schemeOf(part)
  const pattern = patternOf({ ...part, settings: { pattern: { String: replacement } } })
  return (text, isFirst) => {
    const marked = text.replaceAll(" ", () => replacement)
    const begins = !marked.startsWith(replacement) && (scheme === "always" || (scheme === "first" && isFirst))
    const whole = begins ? replacement + marked : marked
    return splits === false ? [whole] : split(whole, pattern, "MergedWithNext")
  }
}

function schemeOf({ settings, refuse }: Part): string {
  const { prepend_scheme: scheme = "always", add_prefix_space } = settings
  if (add_prefix_space === false) return "never"
  return typeof scheme === "string" && ["always", "first", "never"].includes(scheme)
    ? scheme
    : refuse(`has the prepend_scheme ${JSON.stringify(scheme)}`)
}
