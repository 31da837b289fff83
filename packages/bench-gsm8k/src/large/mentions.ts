/**
 * The numbers that a question writes in digits, and which of them say how many: only those can be others. Percentages,
 * fractions, clock times, dates, years, ordinals, labels (`grade 4`) and what the calendar fixes (`7 days a week`) stay.
 */
import Fraction from "fraction.js"

export interface Mention {
  start: number
  end: number
  text: string
  value: Fraction
  /** It says how many, and may be another number. */
  isCount: boolean
}

const written = /\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+/g
const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
const label =
  "(?:grade|chapter|day|number|room|page|week|month|year|round|level|step|route|apartment|box|group|class|type|size|no|lane|bus|line|question|problem|hole|gate|floor|unit|stage|phase|part|version|quarter)"

/** Right behind a number that stays. */
const keptBefore: readonly RegExp[] = [
  /^\s*-?(?:%|percent|per cent)/i,
  /^\s*[/:]\s*\d/,
  /^\s+(?:and\s+)?\d+\s*\/\s*\d/,
  /^\s*(?:[ap]\.?m\b|o['’]clock)/i,
  /^[a-z]/i,
  /^\s*[-–—]\s*\d/,
  /^['’′"”]/,
  new RegExp(`^\\s+(?:of\\s+)?${month}\\b`, "i"),
  /^[\s-]+days?\s+(?:a|an|per|each|every|in\s+an?|in\s+each|of\s+the|out\s+of\s+the|in\s+the)\s+(?:week|month|year)/i,
  /^[\s-]+(?:hours?|hrs?)\s+(?:a|per|each|every|in\s+a|in\s+each|of\s+the|in\s+the)\s+(?:day|week)/i,
  /^[\s-]+weeks?\s+(?:a|per|each|every|in\s+a|in\s+each|of\s+the|in\s+the)\s+(?:month|year)/i,
  /^[\s-]+months?\s+(?:a|per|each|every|in\s+a|in\s+each|of\s+the|in\s+the)\s+year/i,
  /^[\s-]+(?:minutes?|seconds?)\s+(?:an?|per|in\s+an?|in\s+each|of\s+the|in\s+the)\s+(?:hour|minute)/i,
  /^[\s-]+(?:inches|feet|ounces|cups|pints|quarts|cents|pennies|nickels|dimes|quarters|grams|meters|centimeters|cm)\s+(?:an?|per|in\s+an?|in\s+each|to\s+an?|make\s+an?)\s/i,
  /^[\s-]+(?:squared|cubed)/i,
]
/** Right before a number that stays. */
const keptAfter: readonly RegExp[] = [
  /\d\s*[/:]\s*$/,
  /[\p{L}#_]-?$/u,
  /[-–—−]\s*$/,
  new RegExp(`\\b${month}\\.?\\s+$`, "i"),
  new RegExp(`\\b${label}\\.?\\s+$`, "i"),
  /[\d.]$/,
]

/** In order. */
export function mentionsIn(question: string): Mention[] {
  return Array.from(question.matchAll(written), ({ 0: text, index: start }) => {
    const end = start + text.length
    const before = question.slice(0, start)
    const after = question.slice(end)
    const value = new Fraction(text.replaceAll(",", ""))
    const isYear = /^(?:1[5-9]|20)\d\d$/.test(text) && !before.endsWith("$")
    const isFixed = isYear || value.n <= value.d || matches(keptBefore, after) || matches(keptAfter, before)
    return { start, end, text, value, isCount: !isFixed }
  })
}

const matches = (patterns: readonly RegExp[], text: string): boolean => patterns.some((pattern) => pattern.test(text))
