/**
 * A page as a classic script. Invariant: whatever the page's texts hold, the script is one call with two string literals, and
 * also harmless where somebody puts it inside of an HTML element.
 */
import { pageFunction } from "./pages.ts"

export const pageText = (name: string, page: unknown): string => pageOf(name, JSON.stringify(page))

/** Of JSON that is there already. */
export const pageOf = (name: string, json: string): string => `${pageFunction}(${literal(name)},${literal(json)})\n`

/** Between single quotes JSON needs little: its own quotes stay, and it holds no line end. */
const literal = (text: string): string => `'${text.replace(/[\\'<\n\r\u2028\u2029]/g, (each) => escapes[each]!)}'`

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "<": "\\x3c",
  "\n": "\\n",
  "\r": "\\r",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
}
