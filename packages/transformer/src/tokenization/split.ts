/** What becomes of the places where a text is split: each behaviour of the Rust library joins the spans of a pattern in its own way. */
import { type Span, spansOf } from "./pattern.ts"

type Join = (spans: readonly Span[]) => Span[]

/** A match joins the span before it, unless that is a match, too. */
const mergedWithPrevious: Join = (spans) =>
  joined(spans, (span, previous) => span.matches && previous?.matches === false)

const mergedWithNext: Join = (spans) => {
  const result: Span[] = []
  let next: Span | undefined
  for (const span of spans.toReversed()) {
    const last = result.at(-1)
    if (last && span.matches && next?.matches === false) last.start = span.start
    else result.push({ ...span })
    next = span
  }
  return result.reverse()
}

function joined(spans: readonly Span[], joins: (span: Span, previous?: Span) => boolean): Span[] {
  const result: Span[] = []
  let previous: Span | undefined
  for (const span of spans) {
    const last = result.at(-1)
    if (last && joins(span, previous)) last.end = span.end
    else result.push({ ...span })
    previous = span
  }
  return result
}

const behaviours = {
  Isolated: (spans) => [...spans],
  Removed: (spans) => spans.filter(({ matches }) => !matches),
  Contiguous: (spans) => joined(spans, (span, previous) => span.matches === previous?.matches),
  MergedWithPrevious: mergedWithPrevious,
  MergedWithNext: mergedWithNext,
} satisfies Record<string, Join>

export type Behaviour = keyof typeof behaviours

export const isBehaviour = (name: unknown): name is Behaviour =>
  typeof name === "string" && Object.hasOwn(behaviours, name)

/** The pieces of a text, some of which may be empty. Inverted, the pattern says what is not split. */
export function split(text: string, pattern: RegExp, behaviour: Behaviour, isInverted = false): string[] {
  const spans = spansOf(text, pattern)
  const read = isInverted ? spans.map((span) => ({ ...span, matches: !span.matches })) : spans
  return behaviours[behaviour](read).map(({ start, end }) => text.slice(start, end))
}
