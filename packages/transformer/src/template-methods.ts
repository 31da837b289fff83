/** Methods of texts and lists, as Python has them. Absent here are those in which the library's own say the same. */
import { equalityText, isPythonSpace, pythonFormat, pythonSpace, pythonText, type RuntimeValue } from "./python-text.ts"
import { integerValue, isText, itemsOf, listValue, textValue, truthValue, tupleValue } from "./template-values.ts"

export interface Arguments {
  /** In their order. */
  given: readonly RuntimeValue[]
  named: ReadonlyMap<string, RuntimeValue>
}

type Method = (text: string, args: Arguments) => RuntimeValue | undefined
const argument = ({ given, named }: Arguments, index: number, name: string): RuntimeValue | undefined =>
  given[index] ?? named.get(name)
const number = (value: RuntimeValue | undefined, fallback: number): number =>
  typeof value?.value === "number" ? value.value : fallback
const texts = (parts: readonly string[]): RuntimeValue => listValue(parts.map(textValue))
const isAll = (pattern: RegExp): Method => {
  return (text) => truthValue(text !== "" && [...text].every((letter) => pattern.test(letter)))
}

/** Which letters `strip` takes: those given, or Python's white space. */
function stripped(text: string, characters: RuntimeValue | undefined, left: boolean, right: boolean): RuntimeValue {
  const letters = [...text]
  const given = isText(characters) ? new Set(characters!.value as string) : undefined
  const isKept = (letter: string): boolean => !(given ? given.has(letter) : isPythonSpace(letter))
  const first = left ? letters.findIndex(isKept) : 0
  const end = right ? letters.findLastIndex(isKept) + 1 : letters.length
  return textValue(first < 0 ? "" : letters.slice(first, Math.max(first, end)).join(""))
}

/** From the left, or from the right where `isReversed`. */
function split(text: string, args: Arguments, isReversed: boolean): RuntimeValue {
  const separator = argument(args, 0, "sep")
  const most = number(argument(args, 1, "maxsplit"), -1)
  const isBySpace = !isText(separator)
  if (separator?.value === "") throw new Error("empty separator")
  const words: { at: number; end: number }[] = []
  const gaps = isBySpace ? new RegExp(`${pythonSpace}+`, "gu") : undefined
  const whole = isBySpace ? `${stripped(text, undefined, true, true).value}` : text
  if (isBySpace && whole === "") return texts([])
  if (gaps) for (const { 0: gap, index } of whole.matchAll(gaps)) words.push({ at: index, end: index + gap.length })
  else {
    const by = separator!.value as string
    for (let at = whole.indexOf(by); at >= 0; at = whole.indexOf(by, at + by.length))
      words.push({ at, end: at + by.length })
  }
  const cuts = most < 0 ? words : isReversed ? words.slice(Math.max(0, words.length - most)) : words.slice(0, most)
  const ends = [...cuts.map(({ at }) => at), whole.length]
  const parts = ends.map((end, index) => whole.slice(index === 0 ? 0 : cuts[index - 1]!.end, end))
  // Where no cut is left, what is not cut keeps the white space at its outer end.
  if (isBySpace && most >= 0 && words.length >= most) {
    const outer = isReversed ? 0 : parts.length - 1
    const [before, after] = text.split(whole) as [string, string]
    parts[outer] = isReversed ? before + parts[outer] : parts[outer] + after
  }
  return texts(parts)
}

function padded(text: string, args: Arguments, side: "left" | "right" | "both"): RuntimeValue {
  const missing = Math.max(0, number(args.given[0], 0) - [...text].length)
  const fill = isText(args.given[1]) ? `${args.given[1]!.value}` : " "
  const width = number(args.given[0], 0)
  const left = side === "left" ? missing : side === "right" ? 0 : Math.floor(missing / 2) + (missing & width & 1)
  return textValue(fill.repeat(left) + text + fill.repeat(missing - left))
}

/** The place of a letter, counted as Python counts. */
const place = (text: string, at: number): number => (at < 0 ? -1 : [...text.slice(0, at)].length)

function parted(text: string, separator: string, at: number, isReversed: boolean): RuntimeValue {
  const parts =
    at >= 0
      ? [text.slice(0, at), separator, text.slice(at + separator.length)]
      : isReversed
        ? ["", "", text]
        : [text, "", ""]
  return tupleValue(parts.map(textValue))
}

/** `title` and `capitalize` write what follows a first letter small. */
const titled = (word: string): string => {
  const [first = "", ...rest] = word
  return first.toUpperCase() + rest.join("").toLowerCase()
}
const word = ({ given }: Arguments): string => `${given[0]?.value ?? ""}`

/** Where `splitlines` cuts, as a class of a pattern. */
const lineEnds = `\\n\\r\\v\\f${"\\x1c-\\x1e\\x85"}\\u2028\\u2029`

export const textMethods: Readonly<Record<string, Method>> = {
  strip: (text, { given }) => stripped(text, given[0], true, true),
  lstrip: (text, { given }) => stripped(text, given[0], true, false),
  rstrip: (text, { given }) => stripped(text, given[0], false, true),
  split: (text, args) => split(text, args, false),
  rsplit: (text, args) => split(text, args, true),
  splitlines: (text, args) => {
    const lines = text.match(new RegExp(`[^${lineEnds}]*(?:\\r\\n|[${lineEnds}]|$)`, "g")) ?? []
    const isKept = argument(args, 0, "keepends")?.value === true
    const end = new RegExp(`(?:\r\n|[${lineEnds}])$`)
    return texts(lines.filter((line) => line !== "").map((line) => (isKept ? line : line.replace(end, ""))))
  },
  find: (text, args) => integerValue(place(text, text.indexOf(word(args)))),
  rfind: (text, args) => integerValue(place(text, text.lastIndexOf(word(args)))),
  index: (text, args) => {
    if (!text.includes(word(args))) throw new Error("substring not found")
    return integerValue(place(text, text.indexOf(word(args))))
  },
  count: (text, args) => integerValue(text.split(word(args)).length - 1),
  startswith: (text, args) =>
    args.given.length < 2
      ? undefined
      : truthValue([...text].slice(number(args.given[1], 0)).join("").startsWith(word(args))),
  capitalize: (text) => textValue(titled(text)),
  title: (text) => textValue(text.replace(/\p{L}+/gu, titled)),
  casefold: (text) => textValue(text.replaceAll("ß", "ss").toLowerCase()),
  swapcase: (text) =>
    textValue(
      text.replace(/\p{L}/gu, (letter) =>
        letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
      ),
    ),
  isdigit: isAll(/\p{Nd}|[²³¹⁰-⁹₀-₉①-⑨]/u),
  isdecimal: isAll(/\p{Nd}/u),
  isnumeric: isAll(/\p{N}/u),
  isalpha: isAll(/\p{L}/u),
  isalnum: isAll(/[\p{L}\p{N}]/u),
  isspace: (text) => truthValue(text !== "" && [...text].every(isPythonSpace)),
  isupper: (text) => truthValue(/\p{L}/u.test(text) && text === text.toUpperCase() && text !== text.toLowerCase()),
  islower: (text) => truthValue(/\p{L}/u.test(text) && text === text.toLowerCase() && text !== text.toUpperCase()),
  partition: (text, args) => parted(text, word(args), text.indexOf(word(args)), false),
  rpartition: (text, args) => parted(text, word(args), text.lastIndexOf(word(args)), true),
  join: (text, { given }) =>
    textValue((given[0] && itemsOf(given[0]) ? itemsOf(given[0])! : []).map(pythonText).join(text)),
  removeprefix: (text, args) => textValue(text.startsWith(word(args)) ? text.slice(word(args).length) : text),
  removesuffix: (text, args) =>
    textValue(word(args) !== "" && text.endsWith(word(args)) ? text.slice(0, -word(args).length) : text),
  ljust: (text, args) => padded(text, args, "right"),
  rjust: (text, args) => padded(text, args, "left"),
  center: (text, args) => padded(text, args, "both"),
  zfill: (text, { given }) => {
    const [, sign = "", digits = ""] = /^([+-]?)(.*)$/su.exec(text)!
    return textValue(sign + digits.padStart(number(given[0], 0) - sign.length, "0"))
  },
  format: (text, { given, named }) => textValue(pythonFormat(text, given, named)),
}

export const listMethods: Readonly<Record<string, (items: readonly RuntimeValue[], args: Arguments) => RuntimeValue>> =
  {
    index: (items, { given }) => {
      const at = items.findIndex((item) => equalityText(item) === equalityText(given[0]!))
      if (at < 0) throw new Error("the value is not in the list")
      return integerValue(at)
    },
    count: (items, { given }) =>
      integerValue(items.filter((item) => equalityText(item) === equalityText(given[0]!)).length),
  }
