import { judgeOptions } from "@swirl-ts/bench-sandbox"
import { input } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { grounded } from "./grounded.ts"

const words = { benchmark: "bench-sandbox/calc", seed: 0, ...judgeOptions.grounded }
const sandbox = grounded(words)
const verdict = async (...given: Parameters<typeof input>) => sandbox.judge(input(...given))
const expectGood = async (...given: Parameters<typeof input>) =>
  expect(await verdict(...given)).toMatchObject({ verdict: "good" })
const expectBad = async (reason: RegExp, ...given: Parameters<typeof input>) => {
  const found = await verdict(...given)
  expect(found.verdict, found.reason).toBe("bad")
  expect(found.reason).toMatch(reason)
}

const story =
  "use calculator . mira has 12 apples . she buys 5 more . the pile grows to 3 times its size . how many does she have now ?"

describe("calculations in the sandbox", () => {
  it("passes a whole right solution", async () => {
    await expectGood(story, [], "12 + 5")
    await expectGood(story, [["12 + 5", "17"]], "17 * 3")
    await expectGood(
      story,
      [
        ["12 + 5", "17"],
        ["17 * 3", "51"],
      ],
      "=51",
    )
  })

  it("names the operand that was not seen", () => expectBad(/^13 occurs neither/, story, [], "13 + 5"))

  it("names every operand that was not seen", () => expectBad(/^13 and 6 occur neither/, story, [], "13 + 6"))

  it("rejects a repeated call however it is spelled", async () => {
    for (const again of ["12 + 5", "12+5", " 12  + 5 ", "5 + 12"]) {
      await expectBad(/already made in step 1/, story, [["12 + 5", "17"]], again)
    }
    await expectGood(story, [["12 - 5", "7"]], "5 - 12")
  })

  it("rejects an answer that comes too early and says what is left", async () => {
    await expectBad(/nothing has been calculated/, story, [], "=12")
    const two = "mira has 12 apples . she buys 5 more . she finds 9 more . she loses 2 . how many does she have now ?"
    await expectBad(/no call has used: 9, 2$/, two, [["12 + 5", "17"]], "=17")
  })

  it("lets one number of the question go unused: a distractor", async () => {
    const distracted = "mira has 12 apples . tom has 40 coins . she buys 5 more . how many does she have now ?"
    await expectGood(distracted, [["12 + 5", "17"]], "=17")
  })

  it("wants the last result as answer", async () => {
    const steps = [
      ["12 + 5", "17"],
      ["17 * 3", "51"],
    ] as const
    await expectBad(/the answer 17 is not the last result, 51/, story, steps, "=17")
    await expectGood(story, steps, "=51.0")
    await expectGood(story, steps, "= 51 ")
    await expectBad(/empty/, story, steps, "= ")
  })

  it("rejects what is not one operation on two whole numbers", async () => {
    for (const call of ["12 +", "12", "12 + 5 * 3", "12.5 + 5", "apples + 5", "", "12 + 5)"]) {
      await expectBad(/cannot be read|calculates nothing|exactly two numbers|whole number/, story, [], call)
    }
  })

  it("rejects malformed actions with their reason", () => expectBad(/no closing tag/, story, [], "!no closing tag"))

  it("takes failed calls and negative numbers for no result", async () => {
    await expectBad(/^7 occurs neither/, story, [["5 - 12", "-7"]], "7 * 3")
    await expectBad(/nothing has been calculated/, story, [["12 / 0", "error: division by zero"]], "=12")
  })

  it("reads results that repeat the call", () => expectGood(story, [["12 + 5", "12 + 5 -> 17"]], "17 * 3"))

  it("counts a repeated number by occurrence, by the chosen rule", async () => {
    const twice =
      "mira has 22 beads . nils has 28 coins . the pile grows to 3 times its size . she gives away 3 . how many does she have now ?"
    const solved = input(
      twice,
      [
        ["22 * 3", "66"],
        ["66 - 3", "63"],
      ],
      "=63",
    )
    const by = (repeatedNumbers: "all" | "each" | "first") => grounded({ ...words, repeatedNumbers }).judge(solved)
    expect(await by("each")).toMatchObject({ verdict: "good" })
    expect(await by("all")).toMatchObject({ verdict: "good" })
    // The prototype's rule, and the default: its price is a right answer now and then.
    expect(await by("first")).toMatchObject({ verdict: "bad" })
  })
})

describe("what it cannot see: documented false positives", () => {
  it("passes a wrong operation on the right numbers", () => expectGood(story, [], "12 - 5"))

  it("passes the right numbers in a wrong order of operations", () => expectGood(story, [], "5 * 3"))

  it("passes an answer that follows from wrong operations", async () => {
    const wrong = [
      ["12 - 5", "7"],
      ["7 + 3", "10"],
    ] as const
    await expectGood(story, wrong, "=10")
  })

  it("passes a search for a relation that the question asks for later", () =>
    expectGood("use search . what is the mayor of the city where mira was born ?", [], "?mira mayor"))
})

describe("look-ups in the sandbox", () => {
  const questions: Record<string, [question: string, query: string, passage: string, answer: string]> = {
    born: ["what is the city where mira was born ?", "mira born", "mira was born in oslo .", "oslo"],
    lives: ["what is the city where mira lives ?", "mira lives", "mira lives in oslo .", "oslo"],
    works: ["what is the company where mira works ?", "mira works", "mira works at acme .", "acme"],
    spouse: ["what is the spouse of mira ?", "mira spouse", "the spouse of mira is tom .", "tom"],
    boss: ["what is the boss of mira ?", "mira boss", "the boss of mira is zed .", "zed"],
    old: ["how old is mira ?", "mira old", "mira is 34 years old .", "34"],
    mayor: ["what is the mayor of oslo ?", "oslo mayor", "the mayor of oslo is kai .", "kai"],
    country: ["what is the country of oslo ?", "oslo country", "oslo is in the country norland .", "norland"],
    based: ["what is the city where acme is based ?", "acme based", "acme is based in lima .", "lima"],
    owner: ["what is the owner of acme ?", "acme owner", "the owner of acme is ann .", "ann"],
    capital: ["what is the capital of norland ?", "norland capital", "the capital of norland is bern .", "bern"],
    leader: ["what is the leader of norland ?", "norland leader", "the leader of norland is lea .", "lea"],
  }

  it.each(Object.entries(questions))("knows the relation %s", async (_relation, [asked, query, passage, answer]) => {
    const question = `use search . ${asked}`
    await expectGood(question, [], `?${query}`)
    await expectGood(question, [], `?${query.split(" ").reverse().join(" ")}`)
    await expectGood(question, [[`?${query}`, passage]], `=${answer}`)
    await expectBad(/is not the last result/, question, [[`?${query}`, passage]], "=mira oslo")
    await expectBad(/already made/, question, [[`?${query}`, passage]], `?${query}`)
  })

  const chain = "use search . what is the mayor of the city where mira was born ?"

  it("follows a chain through results", async () => {
    await expectBad(/no name/, chain, [], "?oslo mayor")
    await expectGood(chain, [["?mira born", "mira was born in oslo ."]], "?oslo mayor")
    await expectBad(/asks for nothing/, chain, [], "?mira spouse")
    await expectBad(/no name/, chain, [], "?zed born")
  })

  it("rejects an impatient answer", () =>
    expectBad(/also asks for mayor/, chain, [["?mira born", "mira was born in oslo ."]], "=oslo"))

  it("finds no result where nothing new was found", async () => {
    await expectBad(/nothing has been/, chain, [["?mira born", 'No passage matches "mira born".']], "=mira")
    await expectBad(/6 words/, chain, [], "?mira born mira born mira born")
  })

  it("wants ages looked up and then calculated", async () => {
    const mixed = "use both . how many years older is mira than the boss of tom ?"
    const ages = [
      ["?mira old", "mira is 50 years old ."],
      ["?tom boss", "the boss of tom is zed ."],
      ["?zed old", "zed is 32 years old ."],
    ] as const
    await expectGood(mixed, ages, "50 - 32")
    await expectBad(/"older" asks for a calculation/, mixed, ages, "=32")
    await expectGood(mixed, [...ages, ["50 - 32", "18"]], "=18")
    const together = "use both . how old are mira and zed together ?"
    await expectBad(/"together" asks for a calculation/, together, [ages[0], ages[2]], "=32")
  })
})

describe("tools it has no rules for", () => {
  it("leaves them unscored", async () => {
    const other = input(story, [], "12 + 5")
    other.action.action = { kind: "tool", tool: "browser", input: {}, query: "mira" }
    expect(await sandbox.judge(other)).toMatchObject({
      verdict: "unscored",
      reason: expect.stringContaining("browser"),
    })
  })

  it("knows tools by full name", async () => {
    const full = input(story, [], "12 + 5")
    full.action.action = { kind: "tool", tool: "tools-calculator/calculator", input: {}, query: "12 + 5" }
    expect(await sandbox.judge(full)).toMatchObject({ verdict: "good" })
  })
})
