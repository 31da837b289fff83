/**
 * Numbers as people write them. A number has several forms ("20%" is 20, 0.2, and 0.8 when it is taken off), and an
 * operand is seen when it equals one form of a number that was seen. Never throws: text without numbers gives none.
 */

export interface WrittenNumber {
  /** As it stands in the text. */
  text: string
  /** Values it may be used with; the first is the plain one. */
  forms: number[]
  /** Written in words ("twice", "half"): it may be used, but need not be. */
  word: boolean
}

const units =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  )
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ")
const scales: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6, dozen: 12 }
const cardinals: ReadonlyMap<string, number> = new Map([
  ...units.map((word, value) => [word, value] as const),
  ...tens.map((word, index) => [word, 20 + 10 * index] as const),
])
/** Words that stand for a factor or a share, singular. */
const shares: Readonly<Record<string, readonly number[]>> = {
  half: [0.5, 2, 1.5],
  halve: [0.5, 2],
  third: [1 / 3, 3, 2 / 3],
  quarter: [0.25, 4, 0.75],
  fourth: [0.25, 4, 0.75],
  fifth: [0.2, 5, 0.8],
  sixth: [1 / 6, 6, 5 / 6],
  seventh: [1 / 7, 7],
  eighth: [0.125, 8, 0.875],
  tenth: [0.1, 10, 0.9],
  twice: [2],
  double: [2],
  thrice: [3],
  triple: [3],
  quadruple: [4],
  couple: [2],
  pair: [2],
  once: [1],
  single: [1],
  score: [20],
}

const digits = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+`
const written = new RegExp(
  String.raw`(?:(?<whole>\d+)[ -])?(?<top>\d+)\/(?<bottom>\d+)|(?<plain>${digits})(?:\s*(?<percent>%|per ?cent\b))?(?<cents>(?:\s*¢|[ -]cents?\b))?|(?<word>[a-z]+)`,
  "gi",
)

/** `1,200` and `1200.` and `.5` as numbers. */
export function toNumber(text: string): number {
  return Number(text.replaceAll(",", ""))
}

/** Every number of a text in order; with `words` also number words, which are optional to use. */
export function writtenNumbers(text: string, { words = false }: { words?: boolean } = {}): WrittenNumber[] {
  const found: WrittenNumber[] = []
  let open: { value: number; text: string; end: number } | undefined
  const close = () => {
    if (open) {
      const percent = /^\s*(?:%|per ?cent\b)/i.test(text.slice(open.end, open.end + 12))
      found.push({ text: open.text, forms: percent ? percentForms(open.value) : [open.value], word: true })
    }
    open = undefined
  }
  for (const match of text.matchAll(written)) {
    const part = match.groups as Record<string, string | undefined>
    if (part.word === undefined) {
      close()
      found.push(part.plain === undefined ? fraction(match[0], part) : plain(match[0].trim(), part))
      continue
    }
    if (!words) continue
    const word = part.word.toLowerCase()
    const scale = scales[word] ?? scales[word.replace(/s$/, "")]
    const cardinal = cardinals.get(word)
    const adjacent = open && /^[\s-]*(?:and\s*)?$/.test(text.slice(open.end, match.index))
    const end = match.index + match[0].length
    if (scale !== undefined) {
      const previous = found.at(-1)
      // "3 dozen", "2 million": the number before is also that many times larger.
      if (open && adjacent) open = { value: open.value * scale, text: `${open.text} ${match[0]}`, end }
      else {
        close()
        if (previous && !previous.word) previous.forms.push(previous.forms[0]! * scale)
        open = { value: scale, text: match[0], end }
      }
    } else if (cardinal !== undefined) {
      if (open && adjacent && open.value >= 20 && open.value % (cardinal < 10 ? 10 : 100) === 0) {
        open = { value: open.value + cardinal, text: `${open.text} ${match[0]}`, end }
      } else {
        close()
        open = { value: cardinal, text: match[0], end }
      }
    } else if (word !== "and") {
      close()
      const forms = shares[word] ?? shares[word.replace(/s$/, "")]
      if (forms) found.push({ text: match[0], forms: [...forms], word: true })
    }
  }
  close()
  return found
}

function plain(text: string, part: Record<string, string | undefined>): WrittenNumber {
  const value = toNumber(part.plain!)
  const forms = part.percent ? percentForms(value) : [value]
  if (part.cents) forms.push(value / 100)
  return { text, forms, word: false }
}

/** As it stands, as a share, and as what is left or reached when it is taken off or put on. */
function percentForms(value: number): number[] {
  return [value, value / 100, 1 - value / 100, 1 + value / 100, 100 - value, 100 + value]
}

function fraction(text: string, part: Record<string, string | undefined>): WrittenNumber {
  const [whole, top, bottom] = [Number(part.whole ?? 0), Number(part.top), Number(part.bottom)]
  const share = bottom === 0 ? 0 : top / bottom
  return { text, forms: [whole + share, share, top, bottom, whole, 1 - share, 1 + share, bottom - top], word: false }
}

/** Equal up to floating-point noise, or up to rounding when `a` was written with two decimals or more. */
export function sameNumber(a: number, b: number, decimalsOfA = 0): boolean {
  const difference = Math.abs(a - b)
  if (difference <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))) return true
  return decimalsOfA >= 2 && difference <= 0.5 * 10 ** -decimalsOfA + 1e-12
}

/** Digits after the point of a number as written. */
export function decimals(text: string): number {
  return /\.(\d+)/.exec(text)?.[1]?.length ?? 0
}

/** The number a result or an answer is, when it is nothing but one: `24.0`, `$1,200`, `- 5`, `2 . 5`, `18 dollars`. */
export function soleNumber(text: string): { value: number; decimals: number } | undefined {
  const joined = text.replace(/(\d)\s+\.\s+(?=\d)/g, "$1.").replace(/\s*\.?\s*$/, "")
  const match =
    /^[^\d.+-]{0,12}?(?<sign>[-+]?)\s*[$€£]?\s*(?<number>\d[\d,]*(?:\.\d+)?|\.\d+)(?:e(?<power>[-+]?\d+))?(?<rest>\D*)$/i.exec(
      joined,
    )?.groups
  if (!match || /[+*/=^]/.test(match.rest!)) return undefined
  const value = toNumber(match.number!) * 10 ** Number(match.power ?? 0) * (match.sign === "-" ? -1 : 1)
  return Number.isFinite(value) ? { value, decimals: decimals(match.number!) } : undefined
}
