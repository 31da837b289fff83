/** A strict reader of the report's HTML: throws on anything a report may not hold. Its own small grammar, not a browser's. */
const empty = new Set(["meta", "br"])
const selfClosed = new Set(["line", "path", "circle", "rect"])
const allowed = new Set(
  `html head meta title style body header main footer section nav a h1 h2 h3 p div span br table thead tbody tr th td ul ol li dl dt dd
   details summary figure pre svg text line path circle rect`.split(/\s+/),
)

export interface Element {
  tag: string
  attributes: Record<string, string>
  text: string
}

const decode = (text: string): string =>
  text.replace(/&(\w+|#\d+);/g, (entity, name: string) => {
    const known: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#96": "`" }
    if (!(name in known)) throw new Error(`unknown entity ${entity}`)
    return known[name]!
  })

/** All elements in document order, each with the text directly and indirectly inside it. */
export function parse(document: string): Element[] {
  const elements: Element[] = []
  const open: Element[] = []
  const opening = "<!doctype html>\n"
  if (!document.startsWith(opening)) throw new Error("no doctype")
  const pattern = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)(\/?)>|([^<]+)|(<)/g
  for (const [, slash, tag, attributes, closed, text, stray] of document.slice(opening.length).matchAll(pattern)) {
    if (stray) throw new Error("a stray <")
    if (text !== undefined) {
      const raw = open.at(-1)?.tag === "style"
      if (!raw && /[>]/.test(text)) throw new Error(`a stray > in ${text.slice(0, 60)}`)
      for (const element of open) element.text += raw ? text : decode(text)
      continue
    }
    if (!allowed.has(tag!)) throw new Error(`<${tag}> is not allowed`)
    if (slash) {
      const last = open.pop()
      if (last?.tag !== tag) throw new Error(`</${tag}> closes <${last?.tag}>`)
      continue
    }
    const element: Element = { tag: tag!, attributes: {}, text: "" }
    for (const [, name, value = ""] of attributes!.matchAll(/ ([a-z][a-z0-9-]*)(?:="([^"]*)")?/gi)) {
      if (name!.startsWith("on") || name === "style" || name === "src") throw new Error(`attribute ${name}`)
      element.attributes[name!] = decode(value)
    }
    elements.push(element)
    if (closed ? !selfClosed.has(tag!) : selfClosed.has(tag!)) throw new Error(`<${tag}> must close itself`)
    if (!closed && !empty.has(tag!)) open.push(element)
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.tag}> is not closed`)
  return elements
}

/** Of every element of a kind, all of its text. */
export const texts = (elements: readonly Element[], tag: string): string[] =>
  elements.filter((each) => each.tag === tag).map(({ text }) => text)
