/** Filters for texts. What is none is written as one first, but where Jinja2 does not. */

import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import { type Filter, filter, type Given, refused } from "./filter.ts"
import { lengthOf, letterCount, lettersBetween } from "./letters.ts"
import { escaped, withoutTags } from "./markup.ts"
import { count } from "./numbers.ts"
import { percentFormat } from "./percent-format.ts"
import { pythonText } from "./printed.ts"
import { splitLines } from "./split-text.ts"
import { replaced, textMethodResult, textOf } from "./text-methods.ts"
import { asText, isTrue, itemsOf, kindOf, likeText, Markup, membersOf, Tuple, Undefined, type Value } from "./values.ts"

/** The filter that does what the method of the same name does. */
const asMethod = (name: string, parameters: string, method = name): Filter =>
  filter(name, parameters, (value, given) => {
    const used = given.filter((each) => each !== undefined && each !== null) as Value[]
    return likeText(value, textOf(textMethodResult(method, pythonText(value), { given: used, named: new Map() })))
  })

const escaping = filter("escape", "", (value) => new Markup(escaped(value)))

export const textFilters: Readonly<Record<string, Filter>> = {
  upper: asMethod("upper", ""),
  lower: asMethod("lower", ""),
  capitalize: asMethod("capitalize", ""),
  trim: asMethod("trim", "chars?", "strip"),
  center: filter("center", "width?", (value, [width = 80]) =>
    likeText(value, textOf(textMethodResult("center", pythonText(value), { given: [width], named: new Map() }))),
  ),
  title: filter("title", "", (value) => {
    const words = pythonText(value).split(/([-\s({[<]+)/u)
    return likeText(
      value,
      words.map(([first = "", ...rest]) => first.toUpperCase() + rest.join("").toLowerCase()).join(""),
    )
  }),
  replace: filter("replace", "old new count?", (value, [old, to, most]) =>
    replaced(pythonText(value), pythonText(old!), pythonText(to!), count(most ?? undefined, "a count", -1)),
  ),
  indent: filter("indent", "width? first? blank?", indented),
  format: (value, { given, named }) => {
    if (given.length > 0 && named.size > 0) fail("the filter format takes values in order or by name, not both")
    if (value instanceof Markup) return fail("the filter format is not supported for escaped texts")
    return percentFormat(pythonText(value), named.size > 0 ? new Dict(named) : new Tuple(given))
  },
  truncate: filter("truncate", "length? killwords? end? leeway?", (value, [length, isCut, end = "...", leeway]) => {
    const [most, ending] = [count(length, "a length", 255), textOf(end)]
    const size = lengthOf(value) ?? fail(`${kindOf(value)} cannot be truncated`)
    if (most < letterCount(ending)) fail("a text cannot be truncated to less than what ends it")
    if (size <= most + count(leeway ?? undefined, "a leeway", 5)) return value
    const kept = lettersBetween(textOf(value), 0, most - letterCount(ending))
    const at = isTrue(isCut ?? false) ? -1 : kept.lastIndexOf(" ")
    return likeText(value, (at < 0 ? kept : kept.slice(0, at)) + ending)
  }),
  wordcount: filter("wordcount", "", (value) => pythonText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  urlencode: filter("urlencode", "", (value) => {
    const pairs = value instanceof Dict ? value.entries() : asText(value) === undefined ? pairsOf(value) : undefined
    if (!pairs) return quotedForUrl(pythonText(value))
    return pairs.map((pair) => pair.map((part) => quotedForQuery(pythonText(part))).join("=")).join("&")
  }),
  escape: escaping,
  e: escaping,
  forceescape: filter("forceescape", "", (value) => new Markup(escaped(pythonText(value)))),
  safe: filter("safe", "", (value) => new Markup(pythonText(value))),
  striptags: filter("striptags", "", (value) => withoutTags(pythonText(value))),
  xmlattr: filter("xmlattr", "autospace?", (value, [hasSpace = true]) => {
    if (!(value instanceof Dict)) return fail("the filter xmlattr wants a mapping")
    const written = value.entries().flatMap(([key, inner]) => {
      if (inner === null || inner instanceof Undefined) return []
      if (/[\s/>=]/.test(textOf(key))) fail(`${textOf(key)} cannot be the name of an attribute`)
      return [`${escaped(key)}="${escaped(inner)}"`]
    })
    return (isTrue(hasSpace) && written.length > 0 ? " " : "") + written.join(" ")
  }),
  wordwrap: refused("wordwrap", "where it breaks words is Python's own"),
  urlize: refused("urlize", "it is for pages, not for conversations"),
}

function indented(value: Value, [width = 4, first = false, blank = false]: Given): Value {
  if (value instanceof Undefined) value.fail()
  const before = asText(width) ?? " ".repeat(Math.max(0, count(width, "a width")))
  const lines = splitLines(`${textOf(value)}\n`)
  const all = lines.map((line, index) => (index > 0 && (isTrue(blank) || line !== "") ? before + line : line))
  return likeText(value, (isTrue(first) ? before : "") + all.join("\n"))
}

const pairsOf = (value: Value): (readonly Value[])[] | undefined => {
  const items = itemsOf(value)
  return items && Array.from(items, (pair) => membersOf(pair) ?? fail("the filter urlencode wants pairs"))
}

const quotedForUrl = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
const quotedForQuery = (text: string): string => quotedForUrl(text).replaceAll("/", "%2F").replaceAll("%20", "+")
