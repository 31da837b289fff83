import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { all, create } from "mathjs"
import { describe, expect, test } from "vitest"
import { type Gsm8kRecord, notesOf } from "../record.ts"
import { reasons } from "./chain.ts"
import { type Enlarged, enlarge } from "./enlarge.ts"

/** Another parser, and decimal arithmetic where the generator's is of fractions. */
const independent = create(all!, { number: "BigNumber", precision: 64 })
const comesTo = (query: string, value: string): boolean =>
  Number(independent.evaluate(`abs((${query}) - (${value}))`)) < 1e-30

const numbersIn = (text: string): string[] =>
  (text.match(/\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+/g) ?? []).map((number) =>
    number
      .replaceAll(",", "")
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, ""),
  )

/** Everything that a question with large numbers promises, checked without the generator's code. */
function check(old: Gsm8kRecord, { record, replaced }: Enlarged): void {
  const notes = notesOf(record.answer)
  const before = notesOf(old.answer)
  expect(notes).toHaveLength(before.length)
  for (const { query, value } of notes) expect(comesTo(query, value), `${query}=${value}`).toBe(true)
  const answer = record.answer.split("#### ")[1]!
  expect(answer).toBe(notes.at(-1)!.value)
  expect(answer).not.toBe(old.answer.split("#### ")[1]!.replaceAll(",", ""))

  const asked = numbersIn(record.question)
  for (const { old: gone, new: there } of replaced) {
    expect(asked, record.question).toContain(numbersIn(there)[0])
    expect(asked, record.question).not.toContain(numbersIn(gone)[0])
    expect(Number(there.replaceAll(",", ""))).toBeGreaterThanOrEqual(1000)
    expect(Number(there.replaceAll(",", ""))).toBeLessThan(10_000_000)
    expect(there.includes(".")).toBe(gone.includes("."))
  }
  let back = record.question
  for (const one of replaced) back = back.replace(one.new, one.old)
  expect(back).toBe(old.question)

  const known = new Set(asked)
  const pairs = new Map(replaced.map((one) => [numbersIn(one.old)[0]!, numbersIn(one.new)[0]!]))
  for (const [place, { query, value }] of notes.entries()) {
    const was = numbersIn(before[place]!.query)
    for (const [at, number] of numbersIn(query).entries()) {
      if (number !== was[at]) expect(known, `${number} in ${query}`).toContain(number)
      if (pairs.has(was[at]!)) expect(number).toBe(pairs.get(was[at]!))
    }
    const noted = before[place]!.value.replace(/[$,\s]/g, "")
    if (Number.isInteger(Number(noted))) expect(value).toMatch(/^-?\d+$/)
    if (Number(noted) > 0) expect(Number(value)).toBeGreaterThan(0)
    expect(Math.abs(Number(value))).toBeLessThan(1e15)
    known.add(numbersIn(value)[0]!)
  }
}

const taken = (record: Gsm8kRecord, seed = 0): Enlarged => {
  const large = enlarge(record, seed)
  if (typeof large === "string") throw new Error(`left out: ${reasons[large]}`)
  check(record, large)
  return large
}
const row = (question: string, ...lines: string[]): Gsm8kRecord => ({ question, answer: lines.join("\n") })

describe("a question", () => {
  const shop = row(
    "Ben buys 40 pens for $1.50 and sells 25% of his pens. Of 1,200 sheets he tears 40. How many more sheets than sold pens are there?",
    "40*25/100=<<40*25/100=10>>10",
    "1200-40=$<<1200-40=1160>>1,160",
    "1160-10=<<1160-10=1150>>1150",
    "1.50*40=<<1.50*40=60>>60",
    "1150+60=<<1150+60=1210>>1210\n#### 1,210",
  )

  test("has large numbers wherever the old ones stood, percentages as they were, and a chain that holds", () => {
    const { record, replaced } = taken(shop)
    expect(replaced.map(({ old }) => old)).toEqual(["40", "1.50", "1,200", "40"])
    expect(replaced[0]!.new).toBe(replaced[3]!.new)
    expect(replaced[2]!.new).toMatch(/^\d{1,3}(,\d{3})+$/)
    expect(record.question).toContain("25% of")
  })

  test("is the same for one seed, another for another", () => {
    expect(enlarge(shop, 3)).toEqual(enlarge(shop, 3))
    expect(enlarge(shop, 3)).not.toEqual(enlarge(shop, 4))
  })

  test("keeps a divisor, and stays whole where it was whole", () => {
    const { record, replaced } = taken(
      row("Ann puts 91 plums into bags of 13. How many bags?", "91/13=<<91/13=7>>7\n#### 7"),
    )
    expect(replaced.map(({ old }) => old)).toEqual(["91"])
    expect(record.question).toContain("bags of 13")
  })

  test.each([
    ["a percentage", "If 40% of 50 hens lay, how many lay?", "<<50*40/100=20>>20\n#### 20", "40%"],
    ["a fraction", "Ed ate 2/5 of 50 figs. How many?", "<<50*2/5=20>>20\n#### 20", "2/5"],
    ["a clock time", "From 3 pm to 5:00 he made 50 hats an hour. How many?", "<<50*2=100>>\n#### 100", undefined],
    [
      "a year",
      "In 1990 he was born; now it is 2012. How old is he, plus 50?",
      "<<2012-1990=22>>\n<<22+50=72>>\n#### 72",
      "2012",
    ],
    ["an ordinal", "On the 5th day he had 50 hats, then 5 times as many.", "<<50*5=250>>\n#### 250", undefined],
    ["a word", "He ran twice as far as 50 m. How far?", "<<50*2=100>>\n#### 100", "twice"],
    ["the calendar", "He ran 50 m on 7 days a week. How far?", "<<50*7=350>>\n#### 350", "7 days a week"],
  ])("leaves %s as it is, or is left out", (_, question, answer, kept) => {
    const large = enlarge(row(question, answer), 0)
    if (kept === undefined) return expect(reasons[large as "ambiguous"]).toMatch(/neither|two places/)
    check(row(question, answer), large as Enlarged)
    expect((large as Enlarged).record.question).toContain(kept)
  })

  test.each([
    ["none", "Ed has 5 figs.", "Five.\n#### 5"],
    ["unread", "Ed has 5 figs and 3 nuts.", "<<5+x=8>>\n#### 8"],
    ["unread", "Ed has 5 figs and 3 nuts.", "<<5+=8>>\n#### 8"],
    ["notItsResult", "Ed shares 10 figs by 6.", "<<10/6=1.67>>\n#### 2"],
    ["notItsResult", "Ed has 5 figs and 3 nuts.", "<<5+3=9>>\n#### 9"],
    ["notLast", "Ed has 5 figs and 8 nuts.", "<<5+8=13>>\n#### 14"],
    ["untraced", "Ed has 5 figs and 8 nuts.", "<<5+8=13>><<13-6=7>>\n#### 7"],
    ["ambiguous", "Ed has 8 figs, gets 5 nuts and eats 3.", "<<8-5=3>><<3+8=11>>\n#### 11"],
    ["ambiguous", "Ed has 2 figs and 8 nuts, then doubles the nuts.", "<<8*2=16>><<16+2=18>>\n#### 18"],
    ["ambiguous", "Ed, Flo and Gus have 3 figs each.", "<<3*3=9>>\n#### 9"],
    [
      "unfinished",
      "Ed makes 5 rows of 80, Flo 4 rows of 101. How many has who has more?",
      "<<5*80=400>><<4*101=404>>\n#### 404",
    ],
    ["unused", "Ed has 5 figs and 8 nuts. 9 are red.", "<<5+8=13>>\n#### 13"],
    ["nothing", "Ed shares 10% of a pie with 4.", "<<100/4=25>>\n#### 25"],
    [
      "noNumbers",
      "Ed has 50 figs, each with 60 seeds, each of 70 grains, each of 80 crumbs, each of 90 motes.",
      "<<50*60*70*80*90=1512000000>>\n#### 1512000000",
    ],
  ] as const)("is left out as %s: %s", (reason, question, answer) => {
    expect(enlarge(row(question, answer), 0)).toBe(reason)
  })
})

test("made-up stories of any length hold, for any seed, or are left out for a reason", () => {
  const step = fc.record({ sign: fc.constantFrom("+", "-", "*", "/"), number: fc.integer({ min: 2, max: 99_999 }) })
  let held = 0
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 99_999 }),
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (start, steps, seed) => {
        let value = start
        let question = `Ed has ${start} figs.`
        const notes: string[] = []
        for (const { sign, number } of steps) {
          const next = { "+": value + number, "-": value - number, "*": value * number, "/": value / number }[sign]!
          if (!Number.isSafeInteger(next)) continue
          question += ` Then it is ${sign} ${number} figs.`.replace("- ", "less ").replace("/ ", "over ")
          notes.push(`<<${value}${sign}${number}=${next}>>`)
          value = next
        }
        const record = row(question, `${notes.join("")}\n#### ${value}`)
        const large = enlarge(record, seed)
        if (typeof large === "string") {
          expect(reasons).toHaveProperty(large)
          return
        }
        check(record, large)
        held++
      },
    ),
    { numRuns: 300 },
  )
  expect(held).toBeGreaterThan(50)
})

const official = fileURLToPath(new URL("../../../../../shared/data/gsm8k/raw", import.meta.url))
const present = existsSync(official)
if (!present) console.warn(`skipped: ${official} is not there`)

test.skipIf(!present).each([
  ["test", 1319],
  ["train", 7473],
])(
  "every question made from GSM8K's %s split holds",
  (split, rows) => {
    const records = readFileSync(`${official}/${split}.jsonl`, "utf8")
      .trim()
      .split("\n")
      .map((line): Gsm8kRecord => JSON.parse(line))
    expect(records).toHaveLength(rows)
    let held = 0
    for (const record of records) {
      const large = enlarge(record, 0)
      if (typeof large === "string") continue
      check(record, large)
      held++
    }
    expect(held / rows).toBeGreaterThan(0.25)
  },
  120_000,
)
