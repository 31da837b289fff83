import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type JudgeVerdict, SwirlError } from "@swirl-ts/core"
import { action, type FakeReply, fakeContext, input, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { llm, llmOutcome } from "./llm.ts"
import type { LlmOptions } from "./llm-options.ts"

const base: LlmOptions = { benchmark: "bench-gsm8k/gsm8k", seed: 3, model: "fake:m" }
const calculation = input("Use <math_exp>.\nQuestion: Ann has 2 apples and buys 3. How many?", [["2 + 3", "5.0"]], "=5")

async function verdictOf(reply: string | FakeReply, options: Partial<LlmOptions> = {}): Promise<JudgeVerdict> {
  const judge = await llm({ ...base, ...options }, fakeContext(() => reply).context)
  return judge.judge(calculation)
}

describe("the judge of steps", () => {
  it("is shown question, earlier steps with results, and the step; and asked at temperature 0", async () => {
    const { context, requests } = fakeContext(() => "Follows from 5.0.\n\nGOOD")
    const judge = await llm(base, context)
    expect(await judge.judge(calculation)).toEqual({
      verdict: "good",
      reason: "Follows from 5.0.\n\nGOOD",
      usage: { inputTokens: 10, outputTokens: 5 },
    })
    const [request] = requests
    const prompt = JSON.stringify(request!.prompt)
    for (const part of ["Ann has 2 apples", "2 + 3", "Result: 5.0", "=5", "GOOD or BAD"]) expect(prompt).toContain(part)
    expect(request).toMatchObject({ temperature: 0, maxOutputTokens: 1024 })
  })

  it.each([
    ["Use <math_exp>x</math_exp>.\nQuestion: In search of 5 apples?", "a calculation", "a search"],
    ["Use <search_query>x</search_query>.\nQuestion: a calculator?", "a search", "a calculation"],
  ])("has its own wording for the tools of the conversation: %j", async (prompt, told, untold) => {
    const { context, requests } = fakeContext(() => "GOOD")
    await (await llm(base, context)).judge(input(prompt, [], "=1"))
    const text = JSON.stringify(requests[0]!.prompt)
    expect(text).toContain(`If the step is ${told}`)
    expect(text).not.toContain(`If the step is ${untold}`)
  })

  it("shows calls that do not stand in the text, and does not ask about malformed turns", async () => {
    const { context, requests } = fakeContext(() => "BAD")
    const judge = await llm(base, context)
    const call = { text: "", action: action("?mira born") }
    expect((await judge.judge({ prompt: [], conversation: [], action: call })).verdict).toBe("bad")
    expect(JSON.stringify(requests[0]!.prompt)).toContain("[calls search: mira born]")
    expect(await judge.judge(input("q", [], "!two calls"))).toMatchObject({
      verdict: "bad",
      reason: expect.stringMatching(/two calls/),
    })
    expect(requests).toHaveLength(1)
  })

  it.each([
    ["", /empty/],
    ["I cannot help with that.", /gives no clear GOOD or BAD\nI cannot help/],
    [{ text: "", finishReason: "content-filter" }, /empty/],
    [{ text: "It is GOOD", finishReason: "length" }, /cut off at 1024 tokens/],
    [{ text: "GOOD", finishReason: "error" }, /error/],
  ])("gives no verdict for %j, with the reason", async (reply, reason) => {
    const verdict = await verdictOf(reply)
    expect(verdict).toMatchObject({ verdict: "unscored", reason: expect.stringMatching(reason) })
    expect(verdict.score).toBeUndefined()
  })

  it("gives no verdict where the model fails, and stops where it would fail every time", async () => {
    const failing = (error: Error) => fakeContext(() => Promise.reject(error)).context
    const overloaded = await llm(base, failing(new Error("overloaded")))
    expect(await overloaded.judge(calculation)).toMatchObject({
      verdict: "unscored",
      reason: expect.stringMatching(/failed: overloaded/),
    })
    const keyless = await llm(base, failing(new SwirlError("wrong key", { kind: "usage" })))
    await expect(keyless.judge(calculation)).rejects.toThrow("wrong key")
  })

  it("asks an identical question once, and again where there was no verdict", async () => {
    const replies = ["nothing", "GOOD", "BAD"]
    const { context, requests } = fakeContext(() => replies.shift()!)
    const judge = await llm(base, context)
    expect((await judge.judge(calculation)).verdict).toBe("unscored")
    expect(await judge.judge(calculation)).toMatchObject({ verdict: "good", usage: { inputTokens: 10 } })
    expect(await judge.judge(structuredClone(calculation))).toMatchObject({
      verdict: "good",
      usage: { inputTokens: 0 },
    })
    expect(requests).toHaveLength(2)
  })
})

describe("votes", () => {
  const poll = async (replies: string[], options: Partial<LlmOptions> = {}) => {
    let asked = 0
    const { context, requests } = fakeContext(() => replies[asked++]!)
    const judge = await llm({ ...base, votes: replies.length, ...options }, context)
    return { verdict: await judge.judge(calculation), requests }
  }

  it("go by majority, each drawn with its own seed", async () => {
    const { verdict, requests } = await poll(["GOOD", "BAD", "GOOD"])
    expect(verdict).toMatchObject({ verdict: "good", reason: expect.stringMatching(/^2 of 3 votes: GOOD/) })
    expect(verdict.score).toBeUndefined()
    expect(new Set(requests.map((request) => request.seed)).size).toBe(3)
    expect(requests[0]!.temperature).toBe(1)
  })

  it("can be a graded score", async () => {
    expect((await poll(["GOOD", "BAD", "GOOD", "GOOD"], { aggregate: "mean" })).verdict).toMatchObject({
      verdict: "good",
      score: 0.75,
    })
    expect((await poll(["GOOD", "BAD"], { aggregate: "mean" })).verdict).toMatchObject({ verdict: "bad", score: 0.5 })
  })

  it("that are tied or mostly unreadable give no verdict; a minority of unreadable ones is left out", async () => {
    expect((await poll(["GOOD", "BAD"])).verdict).toMatchObject({ verdict: "unscored", reason: "the 2 votes are tied" })
    expect((await poll(["GOOD", "?", "?"])).verdict).toMatchObject({
      verdict: "unscored",
      reason: expect.stringMatching(/only 1 of 3/),
    })
    expect((await poll(["BAD", "?", "BAD"])).verdict.verdict).toBe("bad")
  })
})

describe("the identity", () => {
  const identity = async (options: Partial<LlmOptions> = {}) =>
    (await llm({ ...base, ...options }, fakeContext(() => "").context)).identity

  it("names model, prompt, votes and temperature, and changes with each", async () => {
    expect(await identity()).toMatch(
      /^judges\/llm\/1 bench-gsm8k\/gsm8k model=fake-m-[0-9a-f]{8} prompt=[0-9a-f]{8} votes=1 temperature=0 tokens=1024$/,
    )
    const folder = temporaryFolder()
    await writeFile(join(folder, "own.txt"), "{question} {action} GOOD or BAD?")
    const others: Partial<LlmOptions>[] = [
      { model: "fake:n" },
      { votes: 3 },
      { votes: 3, aggregate: "mean" },
      { temperature: 0.5 },
      { temperature: 0.5, seed: 4 },
      { maxTokens: 10 },
      { template: join(folder, "own.txt") },
      { benchmark: "bench-sandbox/calc" },
    ]
    const all = await Promise.all([identity(), ...others.map(identity)])
    expect(new Set(all).size).toBe(all.length)
    expect(await identity({ seed: 9, baseUrl: "http://user:secret@elsewhere/v1" })).toBe(await identity())
  })

  it("comes with errors that say what is wrong", async () => {
    const make = (options: object, environment = {}) =>
      llm({ ...base, ...options }, fakeContext(() => "", environment).context)
    await expect(make({ vote: 3 })).rejects.toThrow(
      /^Options of judge llm: there is no option "vote"\. Did you mean "votes"/,
    )
    await expect(make({ votes: 0 })).rejects.toThrow(/option "votes" cannot be used: it should be 1 or more, but is 0/)
    await expect(make({ aggregate: "median" })).rejects.toThrow(/"majority", "mean"/)
    await expect(make({ temperature: "hot" })).rejects.toThrow(
      /"temperature" cannot be used: it should be a number, but is the text "hot"/,
    )
    await expect(make({ noise: 2 })).rejects.toThrow(/"noise"/)
    await expect(llmOutcome({ ...base, noise: 0 }, fakeContext(() => "").context)).rejects.toThrow(
      /^Options of judge llm-outcome: there is no option "noise"/,
    )
    await expect(make({ model: undefined })).rejects.toThrow(/needs a model: --judge-model/)
    await expect(make({ template: "nowhere.txt" })).rejects.toThrow(/template .*nowhere\.txt cannot be read/)
    const latin1 = join(temporaryFolder(), "latin1.txt")
    await writeFile(latin1, Buffer.from("Is {action} na\xefve?", "latin1"))
    await expect(make({ template: latin1 })).rejects.toThrow(/latin1\.txt is no UTF-8 text\. Save it/)
    await expect(llm(base)).rejects.toThrow(/openModel/)
    expect((await make({ model: undefined }, { SWIRL_JUDGE_MODEL: "fake:e" })).identity).toContain("model=fake-e-")
  })
})

describe("the judge of answers", () => {
  it("sees question, reference and answer, and says whether they mean the same", async () => {
    const { context, requests } = fakeContext((prompt) =>
      prompt.includes("$10.00 a piece") ? "Same value.\n**Yes**" : "NO",
    )
    const judge = await llmOutcome(base, context)
    expect(await judge.judge({ question: "How much?", reference: "10", answer: "$10.00 a piece" })).toMatchObject({
      verdict: "good",
    })
    expect(await judge.judge({ question: "How much?", reference: "10", answer: "11 {reference}" })).toMatchObject({
      verdict: "bad",
    })
    expect(JSON.stringify(requests[1]!.prompt)).toContain("11 {reference}")
    expect(await judge.judge({ question: "How much?", reference: "10", answer: " " })).toMatchObject({ verdict: "bad" })
    expect(requests).toHaveLength(2)
    expect(judge.identity).toMatch(/^judges\/llm-outcome\/1 /)
  })
})
