/**
 * When two titles name one page: in Unicode's composed form, with HTML entities read, and underscores and white space of any
 * length one space. Case, accents and dashes belong to a title, and what redirects to a page is another title.
 */
const entities = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " }))

/** Equal for titles of one page. */
export const titleKey = (title: string): string =>
  title
    .replace(/&(?:(\w+)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (all: string, name = "", decimal = "", hexadecimal = "") =>
      name ? (entities.get(name) ?? all) : (characterOf(decimal ? Number(decimal) : Number(`0x${hexadecimal}`)) ?? all),
    )
    .normalize()
    .replace(/[\s_]+/g, " ")
    .trim()

const characterOf = (code: number): string | undefined => (code <= 0x10ffff ? String.fromCodePoint(code) : undefined)

/** Each once, as it was first written; without those that are empty, which name no page. */
export function distinctTitles(titles: readonly string[]): string[] {
  const first = new Map<string, string>()
  for (const title of titles) {
    const key = titleKey(title)
    if (key !== "" && !first.has(key)) first.set(key, title)
  }
  return [...first.values()]
}
