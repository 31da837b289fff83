/** Methods of Python's texts. */
import { type Bind, signature } from "./arguments.ts"
import { fail } from "./errors.ts"
import { capitalised, caseFolded, letterKinds, swappedCase, titled } from "./letter-case.ts"
import { isPythonSpace, letterCount, lettersBetween, lettersOf, sliceIndices, stripped } from "./letters.ts"
import { count } from "./numbers.ts"
import { splitLines, splitText } from "./split-text.ts"
import { type Arguments, asText, isTrue, iterate, kindOf, Tuple, type Value } from "./values.ts"

type Given = readonly (Value | undefined)[]
export interface TextMethod {
  bind: Bind
  run(text: string, values: Given): Value
}

/** What has to be a text. */
export const textOf = (value: Value | undefined): string =>
  asText(value) ?? fail(`a text is wanted, not ${value === undefined ? "nothing" : kindOf(value)}`)
const optionalText = (value: Value | undefined): string | undefined =>
  value === undefined || value === null ? undefined : textOf(value)
const wholeOr = (value: Value | undefined, fallback: number): number =>
  value === undefined || value === null ? fallback : count(value, "a place in a text")

const method = (parameters: string, run: (text: string, values: Given) => Value): TextMethod => ({
  bind: signature("the method of a text", parameters),
  run,
})
const plain = (run: (text: string) => Value): TextMethod => method("", run)
const stripping = (isLeft: boolean, isRight: boolean): TextMethod =>
  method("chars? /", (text, [chars]) => stripped(text, isLeft, isRight, optionalText(chars)))

/** Of `text[start:end]`, which begins so many letters into the text. */
function part(text: string, start: Value | undefined, end: Value | undefined): { within: string; from: number } {
  const [first, last] = [wholeOr(start, 0), wholeOr(end, Number.MAX_SAFE_INTEGER)]
  if (first === 0 && last === Number.MAX_SAFE_INTEGER) return { within: text, from: 0 }
  const indices = sliceIndices(letterCount(text), first, last, 1)
  const from = indices[0] ?? 0
  return { within: lettersBetween(text, from, from + indices.length), from }
}

function finding(isFromRight: boolean, isRequired: boolean): TextMethod {
  return method("sub start? end? /", (text, [sub, start, end]) => {
    const { within, from } = part(text, start, end)
    const at = isFromRight ? within.lastIndexOf(textOf(sub)) : within.indexOf(textOf(sub))
    if (at < 0 && isRequired) fail(`the text has no ${JSON.stringify(textOf(sub))}`)
    return at < 0 ? -1 : from + letterCount(within.slice(0, at))
  })
}

const affix = (has: (text: string, affix: string) => boolean): TextMethod =>
  method("affix start? end? /", (text, [affix, start, end]) => {
    const { within } = part(text, start, end)
    const affixes = affix instanceof Tuple ? affix.members : [affix]
    return affixes.some((each) => has(within, textOf(each)))
  })

function padding(before: (missing: number, width: number) => number): TextMethod {
  return method("width fillchar? /", (text, [width, fillchar]) => {
    const wide = count(width, "a width")
    const missing = Math.max(0, wide - letterCount(text))
    const fill = optionalText(fillchar) ?? " "
    if (letterCount(fill) !== 1) fail("what fills a text is one letter")
    const left = before(missing, wide)
    return fill.repeat(left) + text + fill.repeat(missing - left)
  })
}

function parting(isFromRight: boolean): TextMethod {
  return method("sep /", (text, [sep]) => {
    const separator = textOf(sep) || fail("a separator is not empty")
    const at = isFromRight ? text.lastIndexOf(separator) : text.indexOf(separator)
    if (at < 0) return new Tuple(isFromRight ? ["", "", text] : [text, "", ""])
    return new Tuple([text.slice(0, at), separator, text.slice(at + separator.length)])
  })
}

const splitting = (isFromRight: boolean): TextMethod =>
  method("sep? maxsplit?", (text, [sep, maxsplit]) =>
    splitText(text, optionalText(sep), wholeOr(maxsplit, -1), isFromRight),
  )

export function replaced(text: string, from: string, to: string, most: number): string {
  if (most < 0 && from !== "") return text.replaceAll(from, () => to)
  const parts = from === "" ? ["", ...lettersOf(text), ""] : text.split(from)
  const kept = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1)
  return (
    parts.slice(0, kept + 1).join(to) +
    parts
      .slice(kept + 1)
      .map((rest) => from + rest)
      .join("")
  )
}

export const textMethods: Readonly<Record<string, TextMethod>> = {
  strip: stripping(true, true),
  lstrip: stripping(true, false),
  rstrip: stripping(false, true),
  split: splitting(false),
  rsplit: splitting(true),
  splitlines: method("keepends?", (text, [keepends]) => splitLines(text, isTrue(keepends ?? false))),
  find: finding(false, false),
  rfind: finding(true, false),
  index: finding(false, true),
  rindex: finding(true, true),
  count: method("sub start? end? /", (text, [sub, start, end]) => {
    const { within } = part(text, start, end)
    return textOf(sub) === "" ? letterCount(within) + 1 : within.split(textOf(sub)).length - 1
  }),
  startswith: affix((text, start) => text.startsWith(start)),
  endswith: affix((text, end) => text.endsWith(end)),
  replace: method("old new count? /", (text, [old, to, most]) =>
    replaced(text, textOf(old), textOf(to), wholeOr(most, -1)),
  ),
  partition: parting(false),
  rpartition: parting(true),
  join: method("iterable /", (text, [iterable]) => Array.from(iterate(iterable!), textOf).join(text)),
  removeprefix: method("prefix /", (text, [prefix]) =>
    text.startsWith(textOf(prefix)) ? text.slice(textOf(prefix).length) : text,
  ),
  removesuffix: method("suffix /", (text, [suffix]) =>
    textOf(suffix) !== "" && text.endsWith(textOf(suffix)) ? text.slice(0, -textOf(suffix).length) : text,
  ),
  ljust: padding(() => 0),
  rjust: padding((missing) => missing),
  center: padding((missing, width) => Math.floor(missing / 2) + (missing & width & 1)),
  zfill: method("width /", (text, [width]) => {
    const [, sign = "", digits = ""] = /^([+-]?)(.*)$/su.exec(text)!
    return sign + "0".repeat(Math.max(0, count(width, "a width") - letterCount(text))) + digits
  }),
  expandtabs: method("tabsize?", (text, [tabsize]) => {
    const size = wholeOr(tabsize, 8)
    let column = 0
    return text.replace(/[\s\S]/gu, (letter) => {
      if (letter === "\n" || letter === "\r") column = 0
      else column++
      if (letter !== "\t") return letter
      const missing = size > 0 ? size - ((column - 1) % size) : 0
      column += missing - 1
      return " ".repeat(missing)
    })
  }),
  upper: plain((text) => text.toUpperCase()),
  lower: plain((text) => text.toLowerCase()),
  capitalize: plain(capitalised),
  title: plain(titled),
  casefold: plain(caseFolded),
  swapcase: plain(swappedCase),
  isspace: plain((text) => text !== "" && [...text].every(isPythonSpace)),
  ...Object.fromEntries(Object.entries(letterKinds).map(([name, is]) => [name, plain(is)])),
}

/** What Python's texts have beside these; a template that asks for it is refused. */
export const otherTextMethods = new Set([
  "encode",
  "format_map",
  "isidentifier",
  "isprintable",
  "maketrans",
  "translate",
])

export const textMethodResult = (name: string, text: string, args: Arguments): Value => {
  const { bind, run } = textMethods[name]!
  return run(text, bind(args))
}

/** Methods of lists and tuples. */
export const memberMethods: Readonly<
  Record<string, (members: readonly Value[], item: Value, equal: (a: Value, b: Value) => boolean) => Value>
> = {
  index: (members, item, equal) => {
    const at = members.findIndex((member) => equal(member, item))
    return at < 0 ? fail("the value is not in the list") : at
  },
  count: (members, item, equal) => members.filter((member) => equal(member, item)).length,
}
