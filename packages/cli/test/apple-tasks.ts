/** Questions of GSM8K's form, for real processes with scripted policies: Ann has 5, Ben 42, Chi 15, Dan 2. */
import { jsonLines } from "@swirl-ts/test-support"

const rows = [
  ["Ann", 2, 3],
  ["Ben", 40, 2],
  ["Chi", 7, 8],
  ["Dan", 1, 1],
] as const

/** A file of the official form, with the first of them. */
export const applesOf = (count: number): string =>
  jsonLines(
    rows.slice(0, count).map(([name, a, b]) => ({
      question: `${name} has ${a} apples and buys ${b} more. How many apples does ${name} have?`,
      answer: `It is <<${a}+${b}=${a + b}>>${a + b}.\n#### ${a + b}`,
    })),
  )

export const appleTasks = applesOf(3)
