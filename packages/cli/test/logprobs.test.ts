/** `swirl logprobs` as people meet it: against the engine, against PyTorch's numbers for a checkpoint, against a server, and misused. */
import { cpSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { userMessage } from "@swirl-ts/core"
import { local } from "@swirl-ts/local"
import { answerWith, apiServer, jsonLines, swirlIn, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { initBackend, readSafetensors } from "@swirl-ts/transformer"
import { expect, test } from "vitest"

const directory = temporaryFolder({
  "messages.json": [
    { role: "user", content: "What is 2 + 3 ?" },
    { role: "assistant", content: "It is 5 ." },
  ],
  "broken.json": [{ role: "user", content: "yes" }, { role: "nobody" }],
})
const swirl = swirlIn(directory, { SWIRL_BACKEND: "wasm" })

test("log-probabilities are those that the engine trains with", async () => {
  await initBackend("wasm")
  const engine = await local().engines!.local!.create({ policy: "nano", backend: "wasm" }, testHost())
  const { tokens, ...document } = (await swirl("logprobs", "nano", "--messages", "messages.json", "--json")).json
  expect(document).toEqual({ model: "nano" })
  const ids: number[] = tokens.map(({ id }: { id: number }) => id)
  // The model's own turn stands last: none is opened behind it.
  const opened = engine.languageModel().conversation!.start([userMessage("What is 2 + 3 ?")])
  expect(ids.slice(0, opened.length)).toEqual(opened)
  expect(ids.slice(-opened.length)).not.toEqual(opened)
  const [expected] = await engine.logProbabilities(
    [{ promptTokenIds: ids.slice(0, 1), tokenIds: ids.slice(1) }],
    "current",
  )
  expect(Object.keys(tokens[0])).toEqual(["id", "text", "logprob"])
  expect(tokens[0].logprob).toBe(null)
  for (const [index, value] of expected!.entries()) expect(tokens[index + 1].logprob).toBeCloseTo(value, 5)
  const given = (await swirl("logprobs", "nano", "--ids", ids.join(), "--json")).json
  expect(given.tokens).toEqual(tokens)
  await engine.dispose()
}, 60_000)

test("log-probabilities of a checkpoint are PyTorch's", async () => {
  const fixture = fileURLToPath(new URL("../../../fixtures/transformer/tied-grouped", import.meta.url))
  const letters = Array.from({ length: 61 }, (_, index) => String.fromCharCode(0x4e00 + index))
  const folder = temporaryFolder({
    "tokenizer.json": {
      pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
      decoder: { type: "Fuse" },
      model: {
        type: "WordLevel",
        vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])),
        unk_token: "一",
      },
    },
  })
  cpSync(fixture, folder, { recursive: true })
  const expected = new Map<string, Float32Array>()
  readSafetensors(join(fixture, "expected.safetensors"), ({ name }, data) => expected.set(name, data))
  const ids = [...expected.get("ids")!.subarray(0, 19)]
  const text = ids.map((id) => letters[id]).join("")
  const { tokens } = (await swirl("logprobs", `local:${folder}`, "--text", text, "--json")).json
  expect(tokens.map((token: { id: number }) => token.id)).toEqual(ids)
  expect(tokens.map((token: { text: string }) => token.text).join("")).toBe(text)
  for (const [index, value] of expected.get("log_probabilities")!.subarray(0, 18).entries())
    expect(tokens[index + 1].logprob).toBeCloseTo(value, 4)
}, 60_000)

test("a server that echoes prompts scores them", async () => {
  const logprobs = { tokens: ["one", " two", " three"], token_logprobs: [null, -0.5, -9] }
  const echo = { choices: [{ text: "one two three", logprobs }], usage: { prompt_tokens: 2 } }
  const server = await apiServer(answerWith(200, echo), answerWith(200, { choices: [{ text: "", logprobs: null }] }))
  const ask = (...args: string[]) => swirl("logprobs", "openai:m", "--base-url", server.baseUrl, ...args)
  expect((await ask("--text", "one two", "--json")).json).toEqual({
    model: "openai:m",
    tokens: [
      { id: null, text: "one", logprob: null },
      { id: null, text: " two", logprob: -0.5 },
    ],
  })
  expect(server.requests[0]).toMatchObject({
    path: "/v1/completions",
    body: { prompt: "one two", echo: true, logprobs: 1 },
  })
  const silent = await ask("--ids", "1,2")
  expect(silent.stderr).toContain("does not give the log-probabilities of a prompt")
  expect((await ask("--messages", "messages.json")).stderr).toContain("chat template is not known")
  await server.close()
}, 60_000)

test("what cannot be scored is a sentence, exit code 2", async () => {
  const refused = await Promise.all([
    swirl("logprobs", "nano"),
    swirl("logprobs", "nano", "--text", "a", "--ids", "1"),
    swirl("logprobs", "nano", "--ids", "1,x"),
    swirl("logprobs", "nano", "--ids", "1,5000"),
    swirl("logprobs", "nano", "--messages", "broken.json"),
    swirl("logprobs", "nano", "--messages", "absent.json"),
  ])
  const sentences = [
    "by one of --ids, --text and --messages",
    "by one of --ids, --text and --messages",
    "It has to be token ids, such as 1,2,3.",
    "Token 1 has the id 5000; nano has ids from 0 to ",
    "is no list of messages: message 2 is none",
    "absent.json cannot be read",
  ]
  for (const [index, { code, stderr }] of refused.entries()) {
    expect(code, stderr).toBe(2)
    expect(stderr).toContain(sentences[index])
  }
}, 60_000)

test("a model that cannot score says which can", async () => {
  const folder = temporaryFolder({ "turns.jsonl": jsonLines([{ reply: "yes" }]) })
  const { code, stderr } = await swirlIn(folder)("logprobs", "script:turns.jsonl", "--text", "a")
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("script:turns.jsonl gives no log-probabilities of given tokens. Models that do: nano,"),
  ])
}, 60_000)
