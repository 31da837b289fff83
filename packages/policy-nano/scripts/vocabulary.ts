/**
 * The word-level vocabulary of the embedded policy. Tokens carry their leading space, so decoding is joining:
 * " apples" is one token, " 42" is " 4" and "2", and text between special tokens begins with a space.
 */
import { cities, companies, countries, items, otherWords, people } from "@swirl-ts/bench-sandbox/demonstration"

export const specialTokens = ["<pad>", "<unk>", "<user>", "<model>", "<end>"] as const
const tags = ["<math_exp>", "</math_exp>", "<search_query>", "</search_query>", "<answer>", "</answer>"]
const digits = [..."0123456789"]
/** Parts of words that touch the one before: decimals, what error texts end on. */
const continuations = [".", ":", '"', '".', "-", "e", "e+", "e-"]

export const vocabulary: readonly string[] = [
  ...new Set([
    ...specialTokens,
    ...tags.map((tag) => ` ${tag}`),
    ...digits.map((digit) => ` ${digit}`),
    ...digits,
    ...continuations,
    ...['"', "error:", ...otherWords, ...people, ...cities, ...companies, ...countries, ...items].map(
      (word) => ` ${word}`,
    ),
  ]),
]

/** How text is cut into words before they are looked up. Every character is in exactly one piece. */
export const splitPattern = ' ?<[^<>\\s]+>| ?[0-9]| ?"\\.?| ?[^\\s0-9<"]+| ?<|\\s'
