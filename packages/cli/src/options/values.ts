/** Readers of an option's value: each throws a sentence that says what the value has to be. */
import { readShard, type Shard, SwirlError, type Temperature } from "@swirl-ts/core"
import { parseJson } from "@swirl-ts/kit"

const fail = (what: string): never => {
  throw new SwirlError(what, { kind: "usage" })
}

/** Of a file, a folder or a package: an empty one would be the working directory. */
export const path = (text: string): string => (text.trim() === "" ? fail("It is empty; give a path.") : text)

const numberThat =
  (fits: (number: number) => boolean, what: string) =>
  (text: string): number => {
    const number = Number(text)
    return text.trim() !== "" && fits(number) ? number : fail(what)
  }

const wholeFrom = (least: number) =>
  numberThat(
    (number) => Number.isSafeInteger(number) && number >= least,
    `It has to be a whole number, ${least} or more.`,
  )

export const whole = wholeFrom(0)
/** Of what there has to be at least one. */
export const positive = wholeFrom(1)

const isDecimal = (number: number): boolean => Number.isFinite(number) && number >= 0
export const decimal = numberThat(isDecimal, "It has to be a number, 0 or more.")

export const seconds = numberThat(
  (number) => Number.isFinite(number) && number > 0,
  "It has to be a number of seconds, more than 0.",
)

export const amount = numberThat(
  (number) => Number.isFinite(number) && number > 0,
  "It has to be a number, more than 0.",
)

/** `openai:gpt-5-mini=0.25,2`: dollars for a million tokens in and out. */
export function price(text: string): readonly [model: string, price: { input: number; output: number }] {
  const equals = text.lastIndexOf("=")
  const prices = text
    .slice(equals + 1)
    .split(",")
    .map((each) => (each.trim() === "" ? Number.NaN : Number(each)))
  const [input, output] = prices
  if (equals < 1 || prices.length !== 2 || !prices.every(isDecimal))
    return fail(
      "It has to be a model and its dollars for a million tokens in and out, such as openai:gpt-5-mini=0.25,2.",
    )
  return [text.slice(0, equals), { input: input!, output: output! }]
}

/** `0,1`: the temperature of each of two evaluations. */
export function temperaturePair(text: string): [a: Temperature, b: Temperature] {
  const [a, b, ...more] = text.split(",")
  return a && b && more.length === 0
    ? [numberOrNone(a), numberOrNone(b)]
    : fail("It has to be two temperatures, such as 0,1.")
}

const temperature = numberThat(
  isDecimal,
  "It has to be a number, 0 or more, or none, which leaves it to the model's server.",
)
/** A temperature; `none`: none is sent. */
export const numberOrNone = (text: string): Temperature => (text === "none" ? text : temperature(text))

/** From -1 to 1: a difference of two shares. */
export const change = numberThat(
  (number) => Number.isFinite(number) && Math.abs(number) <= 1,
  "It has to be a number from -1 to 1, such as -0.02.",
)

/** `500MB`, `2GB`, `1GiB` or so many bytes. */
export function byteSize(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)$/i.exec(text.trim()) ?? []
  if (number === undefined) return fail("It has to be a size, such as 500MB, 2GB or 1GiB.")
  const power = "kmgt".indexOf(unit[0]?.toLowerCase() ?? "") + 1
  return Math.round(
    Number(number) * (/i/i.test(unit) ? 1024 : 1000) ** (unit === "" || /^i?b$/i.test(unit) ? 0 : power),
  )
}

const durations: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `30d`, `12h`, `45m`: in milliseconds. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(text.trim()) ?? []
  return unit === undefined
    ? fail("It has to be a time, such as 45m, 12h, 30d or 4w.")
    : Number(number) * durations[unit]! * 1000
}

export function share(text: string): number {
  const number = decimal(text)
  return number > 1 ? fail("It has to be a number from 0 to 1.") : number
}

export function idList(text: string): string[] {
  const ids = text.split(",").filter((id) => id !== "")
  return ids.length === 0 ? fail("It has to name one task at least.") : ids
}

/** `q,v`: kinds of linear weights. */
export const kinds = (text: string): string[] => text.split(",").map((kind) => kind.trim())

/** `1,2,3`: token ids. */
export function tokenIdList(text: string): number[] {
  const ids = text.split(",").map((id) => (/^\s*\d+\s*$/.test(id) ? Number(id) : Number.NaN))
  return ids.every(Number.isSafeInteger) ? ids : fail("It has to be token ids, such as 1,2,3.")
}

/** `2/4` is the second of four shards. */
export const shard = (text: string): Shard => readShard(text) ?? fail("A shard is i/n with 1 <= i <= n.")

/** `temperature=0.5` is a name and a value: JSON, or text where it is none. */
export function namedValue(text: string): readonly [name: string, value: unknown] {
  const equals = text.indexOf("=")
  if (equals < 1) return fail("An option is name=value.")
  const value = parseJson(text.slice(equals + 1))
  return [text.slice(0, equals), value === undefined ? text.slice(equals + 1) : value]
}
