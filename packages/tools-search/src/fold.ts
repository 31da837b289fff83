/**
 * What is written in different ways and read as the same becomes one: accents, width and ligatures (Unicode's own NFKD),
 * dashes of every kind `-`, apostrophes of every kind `'`, quotation marks `"`, letters with strokes, hooks and bars their
 * plain ones; what cannot be seen, such as soft hyphens, goes. ASCII stays as it is, and folding twice is folding once.
 */

/**
 * Letters that Unicode does not take apart, below the plain ones they are read as: those whose name is `LATIN … LETTER X
 * WITH …`, and what else European alphabets have.
 */
const plainLetters: Readonly<Record<string, string>> = {
  a: "Ⱥᶏⱥ",
  ae: "Ææ",
  b: "ƀƁƂƃɃɓᵬᶀꞖꞗ",
  c: "ƇƈȻȼɕꞒꞓꞔꟄ",
  d: "ĐđÐðƉƊƋƌȡɖɗᵭᶁᶑꟇꟈ",
  e: "Ɇɇᶒⱸꬴ",
  f: "ƑƒᵮᶂꞘꞙ",
  g: "ƓǤǥɠᶃꞠꞡ",
  h: "ĦħɦⱧⱨꞕꞪ",
  i: "ıƗɨᶖ",
  j: "ȷɈɉʝꞲ",
  k: "ĸƘƙᶄⱩⱪꝀꝁꝂꝃꝄꝅꞢꞣ",
  l: "ŁłƚȴȽɫɬɭᶅⱠⱡⱢꝈꝉꞎꞭꬷꬸꬹ",
  m: "ɱᵯᶆⱮꬺ",
  n: "ŊŋƝƞȠȵɲɳᵰᶇꞐꞑꞤꞥꬻ",
  o: "ØøƟɵⱺꝊꝋꝌꝍ",
  oe: "Œœ",
  p: "ƤƥᵱᵽᶈⱣꝐꝑꝒꝓꝔꝕ",
  q: "ɋʠꝖꝗꝘꝙ",
  r: "ɌɍɼɽɾᵲᵳᶉⱤꞦꞧꭉ",
  s: "ȿʂᵴᶊⱾꞨꞩꟅꟉꟊ",
  ss: "ßẞ",
  t: "ŦŧƫƬƭƮȶȾʈᵵⱦ",
  th: "Þþ",
  u: "ɄʉᵾᶙꞸꞹꭎꭒ",
  v: "ƲʋᶌⱱⱴꝞꝟ",
  w: "Ⱳⱳ",
  x: "ᶍꭖꭗꭘꭙ",
  y: "ƳƴɎɏỾỿꭚ",
  z: "ƵƶȤȥɀʐʑᵶᶎⱫⱬⱿꟆ",
}
const plainOf = new Map(
  Object.entries(plainLetters).flatMap(([plain, letters]) =>
    [...letters].map((letter) => [letter, letter === letter.toLowerCase() ? plain : plain.toUpperCase()] as const),
  ),
)

const isPlain = /^[\0-\x7f]*$/
/** The spacing acute accent, which people type for an apostrophe; Unicode takes it apart into a space and a mark. */
const acute = /[\u00b4\u1ffd]/g
const marks = /[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g
const dashes = /[\p{Pd}\u02d7\u2043\u2052\u2053\u2212\u2796]/gu
const apostrophes =
  /[\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u07f4\u07f5\u2018-\u201b\u2032\u2035\u275b\u275c\ua78b\ua78c]/g
const quotes = /[\u02ba\u02ee\u05f4\u201c-\u201f\u2036\u275d\u275e\u301d-\u301f]/g
const letters = new RegExp(`[${[...plainOf.keys()].join("")}]`, "g")

/** Any string is fine; nothing is thrown. */
export function fold(text: string): string {
  if (isPlain.test(text)) return text
  return text
    .replace(acute, "'")
    .normalize("NFKD")
    .replace(marks, "")
    .replace(dashes, "-")
    .replace(apostrophes, "'")
    .replace(quotes, '"')
    .replace(letters, (letter) => plainOf.get(letter)!)
    .normalize("NFKC")
}
