import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assistantMessage, createRegistry, type Prompt, readGeneration, userMessage } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { models } from "./plugin.ts"
import { parseScript, type ScriptEntry, scriptModel, scriptProvider } from "./script.ts"

const say = async (entries: ScriptEntry[], prompt: Prompt) =>
  readGeneration(await scriptModel(entries).doGenerate({ prompt }))
const question = (text: string): Prompt => [userMessage(text)]

it("answers by the first entry that fits", async () => {
  const entries = [
    { match: "apples", reply: "7" },
    { match: "/capital of (france|spain)/i", reply: "Paris" },
    { reply: "?" },
  ]
  expect((await say(entries, question("how many apples ?"))).text).toBe("7")
  expect((await say(entries, question("Capital of Spain"))).text).toBe("Paris")
  expect((await say(entries, question("else"))).text).toBe("?")
})

it("takes replies by the number of model turns, and goes on to later entries after the last", async () => {
  const entries = [{ match: "a", replies: ["one", "two"] }, { reply: "end" }]
  const prompt = question("a")
  const turns: string[] = []
  for (let step = 0; step < 4; step++) {
    const { text } = await say(entries, prompt)
    turns.push(text)
    prompt.push(assistantMessage(text), userMessage("next"))
  }
  expect(turns).toEqual(["one", "two", "end", "end"])
})

it("takes the step from who runs the task: worked examples in the prompt are none", async () => {
  const prompt = [userMessage("2 + 2?"), assistantMessage("4"), userMessage("3 + 3?")]
  const model = scriptModel([{ replies: ["first", "second"] }])
  const result = await model.doGenerate({ prompt, providerOptions: { swirl: { step: 0 } } })
  expect(readGeneration(result).text).toBe("first")
})

it("plays tool calls, cut-off turns, and counts words as tokens", async () => {
  const reply = { text: "let me", toolCalls: [{ toolName: "search", input: { query: "x" } }] }
  expect(await say([{ reply }], question("a b c"))).toEqual({
    text: "let me",
    toolCalls: [{ toolCallId: "call-0-0", toolName: "search", input: '{"query":"x"}' }],
    finishReason: "stop",
    usage: { inputTokens: 3, outputTokens: 2 },
  })
  expect((await say([{ reply: { text: "so", finishReason: "length" } }], question("a"))).finishReason).toBe("length")
})

it("quotes the end of a conversation that no entry fits", async () => {
  await expect(say([{ match: "x", reply: "y" }], question("the last words"))).rejects.toThrow(/step 0 .*the last words/)
})

it("reads JSONL, arrays, single entries and plain lists of texts alike", () => {
  const entries = [{ match: "a", reply: "1" }, { reply: "2" }]
  expect(parseScript(JSON.stringify(entries), "f")).toEqual(entries)
  expect(parseScript(`${entries.map((entry) => JSON.stringify(entry)).join("\n\n")}\n`, "f")).toEqual(entries)
  expect(parseScript('{\n  "reply": "1"\n}', "f")).toEqual([{ reply: "1" }])
  expect(parseScript('["1", "2"]', "f")).toEqual([{ replies: ["1", "2"] }])
})

it.each([
  ['{"reply":"1"}\n{"reply":', "f, line 2 is no script entry: it is not JSON"],
  ['{"reply":"1"}\n{"answer":"2"}', "f, line 2"],
  ['[{"reply":"1"},{"reply":"1","replies":["2"]}]', "f, entry 2 is no script entry: give either reply or replies"],
  ["", "empty"],
])("names file and line of what it cannot read: %j", (text, message) => {
  expect(() => parseScript(text, "f")).toThrow(message)
})

it("opens a file beside the working directory, and its identity is the content", async () => {
  const folder = temporaryFolder()
  const host = testHost({ workingDirectory: folder })
  await writeFile(join(folder, "a.jsonl"), '{"reply":"1"}\n')
  const first = await scriptProvider.open("a.jsonl", {}, host)
  expect(readGeneration(await first.model.doGenerate({ prompt: question("x") })).text).toBe("1")
  await writeFile(join(folder, "a.jsonl"), '{"reply":"2"}\n')
  expect((await scriptProvider.open("a.jsonl", {}, host)).identity).not.toBe(first.identity)
  await expect(scriptProvider.open("none.jsonl", {}, host)).rejects.toThrow("none.jsonl cannot be read")
})

it("says that a match is no regular expression", () => {
  expect(() => scriptModel([{ match: "/(/", reply: "x" }])).toThrow("/(/ is no regular expression")
})

it("is found in the registry under its prefixes", () => {
  const registry = createRegistry([models()])
  expect(registry.broken).toEqual([])
  expect(registry.list("models").map(({ fullName }) => fullName)).toEqual([
    "models/openai",
    "models/replay",
    "models/script",
  ])
})
