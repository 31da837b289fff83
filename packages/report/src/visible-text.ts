/** Text that nobody is misled by: what cannot be seen is written as its code point, unpaired surrogates as U+FFFD. */

/** Control characters but tab and newline, format characters (zero width, direction), line and paragraph separators. */
const invisible = /[^\P{Cc}\t\n]|\p{Cf}|[\u2028\u2029]/gu

export const visibleText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(invisible, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`)
