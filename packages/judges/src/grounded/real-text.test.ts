import { input } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { grounded } from "./grounded.ts"

const judge = grounded({ benchmark: "bench-gsm8k/gsm8k", seed: 0 })
const read = async (question: string, earlier: readonly (readonly [string, string])[], last: string) =>
  judge.judge(input(`You may make up to 10 calls.\n\nQuestion: ${question}`, earlier, last))
const isGood = async (...given: Parameters<typeof read>) => {
  const { verdict, reason } = await read(...given)
  expect(verdict, reason).toBe("good")
}
const isBad = async (...given: Parameters<typeof read>) => {
  const { verdict, reason } = await read(...given)
  expect(verdict, reason).toBe("bad")
  return reason
}

describe("numbers in real text", () => {
  it.each([
    ["Natalia sold clips to 48 friends, and then half as many in May.", "48 / 2"],
    ["She pays $1,200 a month for twelve months.", "1200 * 12"],
    ["She pays $1,200 a month for twelve months.", "1,200*12"],
    ["A 20% discount is given on $50.", "50 * 0.2"],
    ["A 20% discount is given on $50.", "50 * 20%"],
    ["A 20% discount is given on $50.", "50 * .8"],
    ["Prices of $80 rise by twenty percent.", "80*1.20"],
    ["He ate 3/4 of 24 eggs.", "24*(3/4)"],
    ["He ate 3/4 of 24 eggs.", "24 * .75"],
    ["She buys three dozen eggs at 75 cents.", "36 * 0.75"],
    ["He runs twice a week for 9 miles.", "9*2*52"],
    ["A third of 99 balls are red.", "99/3"],
    ["There are twenty-five shelves with two hundred books each.", "25*200"],
    ["How many minutes are 6 hours?", "6 * 60"],
  ])("sees the operands: %s %s", (question, call) => isGood(question, [], call))

  it("names operands that nobody gave", async () => {
    expect(await isBad("He has 48 clips.", [], "48 + 17")).toMatch(/^17 occurs neither/)
    expect(await isBad("He has 48 clips.", [["48 / 2", "24.0"]], "24 * 29")).toMatch(/^29 occurs/)
  })

  it("does not take numbers of the instructions for the question's", async () => {
    const judged = await judge.judge(input("You may make up to 13 calls.\n\nQuestion: He has 48 clips.", [], "48 + 13"))
    expect(judged).toMatchObject({ verdict: "bad" })
  })

  it("takes floats of the calculator for what they are", async () => {
    const question = "Natalia sold clips to 48 friends in April, and then half as many in May. How many altogether?"
    const steps = [
      ["48 / 2", "24.0"],
      ["48 + 24", "72.0"],
    ] as const
    await isGood(question, steps.slice(0, 1), "48 + 24")
    for (const answer of ["72", "72.0", "$72", "72 clips", "72.00"]) await isGood(question, steps, `=${answer}`)
    for (const answer of ["71", "24", "none", "-72"]) await isBad(question, steps, `=${answer}`)
  })

  it("accepts an answer rounded to two decimals, not to none", async () => {
    const steps = [["100 / 3", "33.333333333333336"]] as const
    await isGood("Share $100 among 3.", steps, "=$33.33")
    await isBad("Share $100 among 3.", steps, "=33")
    await isBad("Share $100 among 3.", steps, "=33.34")
  })

  it("rejects an answer without any call", async () => {
    expect(await isBad("What is 2 + 2?", [], "=4")).toMatch(/too little information/)
  })

  it("lets the question restate a number", () =>
    isGood(
      "He takes 9 pills. Of these 9 pills, 4 cost $2 each.",
      [
        ["9 - 4", "5"],
        ["5 * 2", "10"],
      ],
      "=10",
    ))

  it("rejects expressions that calculate nothing or cannot be read", async () => {
    for (const call of ["48", "clips / 2", "x = 4", "(48 + 2", "48 2", "48 + * 2"]) await isBad("48 clips", [], call)
  })
})

describe("search in real text", () => {
  const question = "What is the nationality of the director of the film Jaws?"
  const passages = [
    ["?director of Jaws", "Jaws (film): Jaws is a 1975 American thriller film directed by Steven Spielberg."],
    ["?Steven Spielberg nationality", "Steven Spielberg: Steven Allan Spielberg is an American film director."],
  ] as const

  it("follows names from the question to results", async () => {
    await isGood(question, [], "?director of Jaws")
    await isBad(question, [], "?Steven Spielberg nationality")
    await isGood(question, passages.slice(0, 1), "?Steven Spielberg nationality")
    await isGood(question, passages.slice(0, 1), "?Steven Spielberg")
    expect(await isBad(question, [], "?DIRECTOR of  jaws.".replace("jaws", "E.T. extra"))).toMatch(/no name/)
  })

  it("rejects the same query in other letters", async () => {
    expect(await isBad(question, passages.slice(0, 1), "?Director  of jaws")).toMatch(/already made/)
  })

  it("takes nothing from a search that says that it found nothing, whatever its words are", async () => {
    const found = input(`Question: ${question}`, [["?Jaws Canadian", "Nothing on Jaws or Steven Spielberg."]], "=Jaws")
    const nothing = structuredClone(found)
    nothing.conversation[0]!.observation!.nothingFound = true
    expect((await judge.judge(found)).verdict).toBe("good")
    expect(await judge.judge(nothing)).toMatchObject({ verdict: "bad", reason: expect.stringMatching(/^nothing has/) })
  })

  it("wants an answer that stands in a result", async () => {
    await isGood(question, passages, "=American")
    await isGood(question, passages, "=the American.")
    expect(await isBad(question, passages, "=Canadian")).toMatch(/occurs in no result/)
    await isBad(question, [], "=American")
  })

  it("wants two results for yes or no, and every name of the question met", async () => {
    const both = "Were Scott Derrickson and Ed Wood of the same nationality?"
    const first = ["?Scott Derrickson nationality", "Scott Derrickson is an American director."] as const
    await isBad(both, [first], "=yes")
    expect(await isBad(both, [first], "=American")).toMatch(/no call has met: ed, wood/)
    await isGood(both, [first, ["?Ed Wood nationality", "Ed Wood was an American filmmaker."]], "=yes")
  })
})
