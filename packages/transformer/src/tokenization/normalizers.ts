/** What is done to a text before it is split. */
import { inByteAlphabet } from "./byte-alphabet.ts"
import { blank, lowerCase, mark, nonspacing, normalised } from "./characters.ts"
import { makerOf, type Part, partsOf } from "./part.ts"
import { patternOf, spansOf } from "./pattern.ts"
import { precompiled } from "./precompiled.ts"

export type Normalizer = (text: string) => string

const form = (name: "NFC" | "NFD" | "NFKC" | "NFKD") => (): Normalizer => (text) => normalised(text, name)

const controls = "\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f"
const nmtRemoved = new RegExp(`[${controls}]`, "g")
const marks = new RegExp(`[${mark}]`, "gv")
const leadingBlanks = new RegExp(`^${blank}+`, "u")
const trailingBlanks = new RegExp(`${blank}+$`, "u")

const makers: Readonly<Record<string, (part: Part) => Normalizer>> = {
  NFC: form("NFC"),
  NFD: form("NFD"),
  NFKC: form("NFKC"),
  NFKD: form("NFKD"),
  Lowercase: () => lowerCase,
  Strip:
    ({ settings: { strip_left = true, strip_right = true } }) =>
    (text) => {
      const left = strip_left ? text.replace(leadingBlanks, "") : text
      return strip_right ? left.replace(trailingBlanks, "") : left
    },
  StripAccents: () => (text) => text.replace(marks, ""),
  Nmt: () => (text) =>
    text.replace(nmtRemoved, "").replace(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g, " "),
  Prepend:
    ({ settings: { prepend } }) =>
    (text) =>
      text === "" ? "" : `${prepend}${text}`,
  Replace: replace,
  BertNormalizer: bert,
  ByteLevel: () => inByteAlphabet,
  Precompiled: precompiled,
}

export function createNormalizer(value: unknown): Normalizer | undefined {
  const all = partsOf(value, "normalizer", "normalizers").map((part) => makerOf(part, makers))
  return all.length === 0 ? undefined : (text) => all.reduce((normalized, each) => each(normalized), text)
}

/** Can it take away how a text begins, so that what is left begins later in the original? */
export const mayShorten = (value: unknown): boolean =>
  partsOf(value, "normalizer", "normalizers").some(
    ({ type, settings }) =>
      ["Strip", "StripAccents", "Nmt", "BertNormalizer", "Precompiled"].includes(type) ||
      (type === "Replace" && settings.content === ""),
  )

/** The replacement of a pattern; in a decoder it is the same. */
export function replace(part: Part): Normalizer {
  const pattern = patternOf(part)
  const { content } = part.settings
  if (typeof content !== "string") return part.refuse("has no content")
  return (text) =>
    spansOf(text, pattern)
      .map(({ start, end, matches }) => (matches ? content : text.slice(start, end)))
      .join("")
}

const removedByBert = /[\0\ufffd]|(?![\t\n\r\u0890\u0891\u08e2\u{110cd}\u{13430}-\u{1343f}])[\p{Cc}\p{Cf}\p{Co}]/gu
const accents = new RegExp(`[${nonspacing}]`, "gv")
const blanks = new RegExp(blank, "gu")
/** The blocks that BERT calls Chinese, as the Rust library has them. */
const chinese =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu

function bert({ settings }: Part): Normalizer {
  const { clean_text = true, handle_chinese_chars = true, lowercase = true, strip_accents } = settings
  const steps: [boolean, Normalizer][] = [
    [clean_text === true, (text) => text.replace(removedByBert, "").replace(blanks, " ")],
    [handle_chinese_chars === true, (text) => text.replace(chinese, " $& ")],
    [(strip_accents ?? lowercase) === true, (text) => normalised(text, "NFD").replace(accents, "")],
    [lowercase === true, lowerCase],
  ]
  return (text) => steps.reduce((done, [isOn, step]) => (isOn ? step(done) : done), text)
}
