/** Tools that this judge knows no rule for, and tools that bring one. */
import type { JudgedTool, JudgeInput, Support } from "@swirl-ts/core"
import { userMessage } from "@swirl-ts/core"
import { describe, expect, it, test } from "vitest"
import { grounded } from "./grounded.ts"

type Call = [tool: string, query: string, result: string, flags?: { isError?: boolean; nothingFound?: boolean }]

function input(question: string, calls: readonly Call[], last: string | [tool: string, query: string]): JudgeInput {
  const call = (tool: string, query: string) => ({ kind: "tool" as const, tool, input: { q: query }, query })
  return {
    prompt: [userMessage(`Question: ${question}`)],
    conversation: calls.map(([tool, query, text, flags]) => ({
      text: "",
      action: call(tool, query),
      observation: { text, isError: false, ...flags },
    })),
    action: { text: "", action: typeof last === "string" ? { kind: "answer", answer: last } : call(...last) },
  }
}
const judge = grounded({ benchmark: "mine/trips", seed: 0 })
const question = "Anna walks 3 miles a day. How many kilometres are that in 5 days?"
const verdict = async (...given: Parameters<typeof input>) => judge.judge(input(...given))

describe("what a tool without a rule returned", () => {
  it("leaves unscored what only it could support", async () => {
    const before: Call[] = [["convert", "3 miles", "4.8 km"]]
    expect(await verdict(question, before, ["calculator", "4.8 * 5"])).toEqual({
      verdict: "unscored",
      reason:
        'this judge knows no rule for what "convert" returned; without that, 4.8 occurs neither in the question nor in an earlier result',
    })
    expect(await verdict("which city is it ?", [["map", "x", "Oslo"]], ["search", "Oslo"])).toMatchObject({
      verdict: "unscored",
    })
    expect(await verdict(question, before, "4.8")).toMatchObject({ verdict: "unscored" })
    // The numbers of the question may have been used by it, too.
    const then: Call[] = [...before, ["calculator", "3 * 5", "15"]]
    expect(await verdict(`${question} She has 7 friends.`, then, "24")).toMatchObject({ verdict: "unscored" })
  })

  it("leaves unscored an answer that is the last known result but not the last one", async () => {
    const then: Call[] = [
      ["calculator", "3 * 5", "15"],
      ["convert", "15 miles", "24 km"],
    ]
    expect(await verdict(question, then, "15")).toMatchObject({
      verdict: "unscored",
      reason: expect.stringContaining("the answer should be the last result"),
    })
    expect(await verdict(question, then.toReversed(), "15")).toMatchObject({ verdict: "good" })
  })

  it("takes nothing away from what is supported without it, and excuses nothing that it could not support", async () => {
    const before: Call[] = [
      ["convert", "3 miles", "4.8 km"],
      ["calculator", "3 * 5", "15"],
    ]
    expect(await verdict(question, before, ["calculator", "15 * 3"])).toMatchObject({ verdict: "good" })
    expect(await verdict(question, before, ["calculator", "3 * 5"])).toMatchObject({ verdict: "bad" })
    expect(await verdict(question, before, ["calculator", "3 *"])).toMatchObject({ verdict: "bad" })
    expect(await verdict(question, before, " ")).toMatchObject({ verdict: "bad" })
  })

  it.each([{ isError: true }, { nothingFound: true }])("is nothing where the call gave nothing: %j", async (flags) => {
    const before: Call[] = [["convert", "3 miles", "4.8 km", flags]]
    expect(await verdict(question, before, ["calculator", "4.8 * 5"])).toMatchObject({ verdict: "bad" })
  })
})

describe("a tool with a rule of its own", () => {
  const rule = (isSupported: JudgedTool["isSupported"], name = "convert"): JudgedTool => ({
    name,
    identity: `units/${name} 1.0.0`,
    isSupported,
  })
  const ruled = (tools: readonly JudgedTool[], ...given: Parameters<typeof input>) =>
    grounded({ benchmark: "mine/trips", seed: 0 }, tools).judge(input(...given))
  const knows = rule((asked, { question: text, results }) => {
    const { q } = asked as { q: string }
    const supported = [text, ...results.map((result) => result.text)].some((each) => each.includes(q))
    return { supported, reason: `${q} was ${supported ? "" : "not "}seen` }
  })

  it("is judged by it: from the question, earlier results and the input alone", async () => {
    expect(await ruled([knows], question, [], ["convert", "3 miles"])).toEqual({
      verdict: "good",
      reason: "3 miles was seen",
    })
    expect(await ruled([knows], question, [], ["convert", "9 miles"])).toEqual({
      verdict: "bad",
      reason: "9 miles was not seen",
    })
    const seen: unknown[] = []
    const watching = rule((...given) => void seen.push(...given))
    const before: Call[] = [
      ["search", "Anna", "Anna lives here."],
      ["calculator", "1 +", "error", { isError: true }],
    ]
    await ruled([watching], question, before, ["convert", "x"])
    expect(seen).toEqual([
      { q: "x" },
      { question, results: [{ tool: "search", input: { q: "Anna" }, text: "Anna lives here." }] },
    ])
  })

  it("has results that count: a number as a calculator's, anything else as a passage", async () => {
    const number: Call[] = [["convert", "3 miles", "4.8"]]
    expect(await ruled([knows], question, number, ["calculator", "4.8 * 5"])).toMatchObject({ verdict: "good" })
    const both: Call[] = [...number, ["calculator", "4.8 * 5", "24.0"]]
    expect(await ruled([knows], question, both, "24")).toMatchObject({ verdict: "good" })
    expect(await ruled([knows], question, both, "25")).toMatchObject({ verdict: "bad" })
    const passage: Call[] = [["convert", "5 days", "Anna walks to Oslo."]]
    expect(await ruled([knows], "Where does Anna walk?", passage, "Oslo")).toMatchObject({ verdict: "good" })
    expect(await ruled([knows], "Where does Anna walk?", passage, "Bergen")).toMatchObject({ verdict: "bad" })
  })

  test.each<[JudgedTool["isSupported"], string]>([
    [() => undefined, "does not say whether this call is supported"],
    [() => Promise.reject(new Error("boom")), "failed: boom"],
    [() => true as unknown as Support, "gave true in place of"],
    [() => ({ supported: "yes" }) as unknown as Support, 'gave {"supported":"yes"} in place of'],
  ])("whose rule gives no verdict leaves the step unscored, by its name: %s", async (isSupported, problem) => {
    expect(await ruled([rule(isSupported)], question, [], ["convert", "3 miles"])).toEqual({
      verdict: "unscored",
      reason: expect.stringContaining(`the rule of the tool units/convert 1.0.0 ${problem}`),
    })
  })

  it("goes before what a tool of that name is usually taken for", async () => {
    const never = rule(() => ({ supported: false, reason: "never" }), "search")
    expect(await ruled([never], "Who is Anna?", [], ["search", "Anna"])).toEqual({ verdict: "bad", reason: "never" })
  })
})

describe("the identity", () => {
  const tool = (name: string, version?: string): JudgedTool => ({
    name,
    identity: `units/${name} ${version}`,
    isSupported: version === undefined ? undefined : () => undefined,
  })
  const identity = (...tools: JudgedTool[]) => grounded({ benchmark: "mine/trips", seed: 0 }, tools).identity

  it("is what it was where all tools are calculators and searches, and another where one is not", () => {
    expect(identity()).toMatch(/^judges\/grounded\/1 mine\/trips [0-9a-f]{8}$/)
    expect(identity(tool("calculator"), tool("search"))).toBe(identity())
    expect(identity(tool("convert"))).toMatch(/^judges\/grounded\/2 mine\/trips [0-9a-f]{8}$/)
  })

  it("says whose rules it goes by, whatever the order of the tools", () => {
    const two = identity(tool("convert", "1.0.0"), tool("tell", "1.0.0"))
    expect(identity(tool("tell", "1.0.0"), tool("convert", "1.0.0"))).toBe(two)
    const others = [identity(tool("convert", "1.0.0")), identity(tool("convert", "1.1.0")), identity(tool("convert"))]
    expect(new Set([two, ...others]).size).toBe(4)
  })
})
