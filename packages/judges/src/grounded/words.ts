/** Words and names of a text: lower case, without punctuation; names are recognised by their capital letters. */

const functionWords = new Set(
  `a an the this that these those and or but if then than of in on at by for from to with without into onto over under about as
  is are was were be been being am do does did done has have had having will would can could shall should may might must
  i you he she it we they me him her us them my your his its our their who whom whose which what when where why how
  not no yes there here also both each either neither some any all many much more most other another such only own same so
  first last name called known find tell give`.split(/\s+/),
)

/** Lower-case words; marks, digits with their separators, and letters of any script. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\d+(?:[.,]\d+)*|[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu) ?? []
}

/** Words that carry content, with the plural and possessive endings cut off. */
export function contentWords(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !functionWords.has(word))
    .map(stem)
}

/** Cuts "'s" and a plural "s" ("directors" and "director's" are "director"). */
export function stem(word: string): string {
  const base = word.replace(/['’]s$/, "")
  return base.length > 3 && base.endsWith("s") && !base.endsWith("ss") ? base.slice(0, -1) : base
}

/** Stemmed words of a text that are written as names: capitalised anywhere but as a function word, or quoted. */
export function nameWords(text: string): string[] {
  const capitalised = text.match(/\p{Lu}[\p{L}\p{M}'’-]*/gu) ?? []
  const quoted = [...text.matchAll(/["“]([^"”]{1,80})["”]/gu)].flatMap((match) => wordsOf(match[1]!))
  return [...capitalised.flatMap(wordsOf), ...quoted].filter((word) => !functionWords.has(word)).map(stem)
}

const swappable = /^(\d+(?:\.\d+)?)([+*×])(\d+(?:\.\d+)?)$/

/** One spelling a call: case, spacing, and the two sides of a sum or product do not make a call new. */
export function normalisedQuery(query: string, arithmetic: boolean): string {
  const lower = query.toLowerCase().normalize("NFKC")
  if (!arithmetic) return lower.replace(/[\s.,?!"“”]+/g, " ").trim()
  const packed = lower.replace(/[\s,$]+/g, "")
  const [, left, operator, right] = swappable.exec(packed) ?? []
  return left && right && Number(left) > Number(right) ? `${right}${operator}${left}` : packed
}
