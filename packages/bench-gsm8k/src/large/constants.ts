/**
 * The numbers that a calculation may have from elsewhere than the question's digits: its words (`twice`, `a dozen`), its
 * percentages and fractions, and the measures that it speaks of (60 minutes). Rather one too many than one too few: a
 * number that may be from two places leaves its question out.
 */
import Fraction from "fraction.js"

const small =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
const ordinals =
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"

/** A word, or how it begins -> the numbers that it may stand for. */
const words: readonly [pattern: string, ...values: (number | string)[]][] = [
  ...small.split(" ").map((word, index): [string, number] => [`${word}s?`, index + 1]),
  ...ordinals.split(" ").flatMap((word, index): [string, number, string][] => {
    const whole = index + 1
    return [[`${word}s?`, whole, `1/${whole}`]]
  }),
  ...["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"].map((word, index): [string, number] => [
    word,
    (index + 3) * 10,
  ]),
  ["hundreds?", 100],
  ["thousands?", 1000],
  ["millions?", 1_000_000],
  ["an?", 1],
  ["half|halves|halved|halfway", 2, "1/2", "3/2", 50],
  ["½", 2, "1/2"],
  ["twice|doubl\\w*|both|pairs?|couples?|twins?|each other|another|either|bi\\w*ly|duo|two-?\\w*", 2],
  ["tripl\\w*|thrice|triangles?|triangular|trio", 3],
  ["quarters?|quarterly", 4, "1/4", "3/4", 25],
  ["quadrupl\\w*|squares?|rectangles?|rectangular|sides?", 4, 2],
  ["¼", 4, "1/4"],
  ["¾", 3, 4, "3/4"],
  ["⅓", 3, "1/3"],
  ["⅔", 2, 3, "2/3"],
  ["dozens?", 12],
  ["scores?", 20],
  ["decades?", 10],
  ["century|centuries", 100],
  ["weeks?|weekly|weekdays?|weekends?|days?|daily|everyday", 7, 5, 2, 14],
  ["mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?", 7, 5, 2],
  ["days?|daily|overnight", 24],
  ["hours?|hourly|minutes?|seconds?|mph", 60, 30, 15, 3600],
  ["a\\.?m|p\\.?m|noon|midnight|o.clock", 12],
  ["years?|yearly|months?|monthly|annual\\w*", 12, 52, 365, 4, 30, 31, 28, 6],
  ["january|february|march|april|may|june|july|august|september|october|november|december", 30, 31, 28, 29, 12],
  ["foot|feet|inch|inches", 12],
  ["yards?", 3, 36],
  ["miles?", 5280],
  ["pounds?|ounces?|oz|lbs?", 16],
  ["gallons?|quarts?|pints?|cups?", 4, 2, 8, 16],
  ["kilo\\w*|k[mg]|met(?:er|re)s?|grams?|lit(?:er|re)s?|tons?|ml|[mgl]", 1000, 100, 2000],
  ["centimet\\w*|cm", 100],
  ["cents?|dollars?|penny|pennies|percent|percentage|discount", 100],
  ["dimes?", 10, ".1"],
  ["nickels?", 5, ".05"],
  ["quarters?", ".25"],
  ["spiders?|octopus\\w*", 8],
  ["insects?|ants?", 6],
  ["dogs?|cats?|cows?|horses?|goats?|sheep|pigs?|cars?|lizards?|legs?|tires?|wheels?", 4],
  ["people|humans?|chickens?|birds?|ducks?|bicycles?|bikes?|shoes?|socks?|eyes?|hands?|arms?|ears?|feet|legs?", 2],
  ["tricycles?", 3],
  ["fingers?|toes?", 5, 10],
]
const patterns = words.map(([pattern, ...values]) => ({
  pattern: new RegExp(`(?<![\\p{L}])(?:${pattern})(?![\\p{L}])`, "iu"),
  values: values.map((value) => new Fraction(value)),
}))

/** How a number is compared: `3`, `5/4`. */
export const keyOf = (value: Fraction): string => value.toFraction()

/** Every one that the question's words, percentages and fractions may stand for. */
export function constantsOf(question: string): ReadonlySet<string> {
  const found: Fraction[] = []
  for (const { pattern, values } of patterns) if (pattern.test(question)) found.push(...values)
  const whole = new Fraction(1)
  for (const [, text = ""] of question.matchAll(/(\d+(?:\.\d+)?|\.\d+)\s*-?(?:%|percent|per cent)/gi)) {
    const percent = new Fraction(text)
    const share = percent.div(100)
    found.push(percent, share, whole.add(share), whole.sub(share), percent.add(100), new Fraction(100).sub(percent))
    found.push(whole, new Fraction(100))
  }
  for (const [, top = "", bottom = ""] of question.matchAll(/(\d+)\s*\/\s*(\d+)/g)) {
    const [a, b] = [new Fraction(top), new Fraction(bottom)]
    found.push(a, b, whole)
    if (b.n !== 0n) found.push(a.div(b), whole.sub(a.div(b)), whole.add(a.div(b)), b.sub(a))
  }
  return new Set(found.map(keyOf))
}
