/** Characters of HTML in texts, as markupsafe writes them. */
import { fail } from "./errors.ts"
import { pythonText } from "./printed.ts"
import { Markup, type Value } from "./values.ts"

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
}

/** As it stands where it is escaped already. */
export const escaped = (value: Value): string =>
  value instanceof Markup ? value.text : pythonText(value).replace(/[&<>'"]/g, (letter) => entities[letter]!)

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" }

/** Without tags, white space made single, entities as the letters that they mean. */
export function withoutTags(text: string): string {
  const bare = text.replace(/<!--[\s\S]*?-->|<(?!!--)[^>]*>/g, "")
  const words = bare.split(/\s+/u).filter((word) => word !== "")
  return words
    .join(" ")
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));?/gi, (entity, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return named[name] ?? fail(`the entity ${entity} is not supported in striptags`)
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
    })
}
