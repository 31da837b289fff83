/**
 * Text for LaTeX, safe in the body of any document: what TeX would read is written so that it is printed, and what a
 * plain pdfLaTeX has no sign for is written as its code point. Invariant: the output is ASCII and its braces are balanced.
 */

const signs: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "^": "\\textasciicircum{}",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "%": "\\%",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "''",
  "`": "{`}",
  "▲": "$\\uparrow$",
  "▼": "$\\downarrow$",
  "△": "$(\\uparrow)$",
  "▽": "$(\\downarrow)$",
  "−": "$-$",
  "–": "--",
  "—": "---",
  "·": "$\\cdot$",
  "×": "$\\times$",
  "…": "\\dots{}",
  "±": "$\\pm$",
  "’": "'",
  "‘": "{`}",
  "“": "``",
  "”": "''",
  "§": "\\S{}",
  ß: "\\ss{}",
  æ: "\\ae{}",
  Æ: "\\AE{}",
  œ: "\\oe{}",
  Œ: "\\OE{}",
  ø: "\\o{}",
  Ø: "\\O{}",
  ł: "\\l{}",
  Ł: "\\L{}",
  ı: "\\i{}",
}

/** Combining mark -> the command of the letter that wears it. */
const accents: Readonly<Record<string, string>> = {
  "\u0300": "\\`",
  "\u0301": "\\'",
  "\u0302": "\\^",
  "\u0303": "\\~",
  "\u0304": "\\=",
  "\u0306": "\\u",
  "\u0307": "\\.",
  "\u0308": '\\"',
  "\u030a": "\\r",
  "\u030b": "\\H",
  "\u030c": "\\v",
  "\u0327": "\\c",
}

export const latexText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\s+/g, " ")
    .normalize("NFD")
    .replace(
      /([a-zA-Z])([\u0300-\u036f])(?![\u0300-\u036f])|([-,'])(?=\3)|./gsu,
      (one, letter?: string, mark?: string, twice?: string) => {
        // Two of them would be joined into one sign.
        if (twice) return `${twice}{}`
        if (!letter || !mark) return sign(one)
        return Object.hasOwn(accents, mark) ? `${accents[mark]}{${letter}}` : letter + codePoint(mark)
      },
    )

function sign(character: string): string {
  if (Object.hasOwn(signs, character)) return signs[character]!
  return /^[ -~]$/.test(character) ? character : codePoint(character)
}

const codePoint = (character: string): string =>
  `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`
