/**
 * Writes packages/formats/fixtures/imports/ai-sdk: what the real AI SDK (npm ai) gives, with its mock model and real tools: model
 * messages of generateText and UI messages of a stream. In a folder of its own, so that this repository depends on neither:
 *
 *     npm install --prefix <folder> ai zod && node scripts/make-ai-sdk-fixtures.mjs <folder> [where to write]
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const [place = ".", target = fileURLToPath(new URL("../packages/formats/fixtures/imports/ai-sdk", import.meta.url))] =
  process.argv.slice(2)
const require = createRequire(join(resolve(place), "package.json"))
const load = (name) => import(pathToFileURL(require.resolve(name)).href)
const { generateText, streamText, isStepCount, stepCountIs, tool, convertToModelMessages, readUIMessageStream } =
  await load("ai")
const mocks = await load("ai/test")
const { z } = await load("zod")
const MockLanguageModel = mocks.MockLanguageModelV4 ?? mocks.MockLanguageModelV3 ?? mocks.MockLanguageModelV2

const usage = { inputTokens: { total: 20, noCache: 20 }, outputTokens: { total: 5, text: 5 }, totalTokens: 25 }
const tools = {
  calculator: tool({
    description: "Evaluates an arithmetic expression.",
    inputSchema: z.object({ expression: z.string() }),
    execute: ({ expression }) => {
      if (!/^[\d\s+*/().-]+$/.test(expression)) throw new Error(`cannot read ${expression}`)
      return String(Function(`return ${expression}`)())
    },
  }),
}
const said = (text) => [{ type: "text", text }]
const called = (id, expression) => ({
  type: "tool-call",
  toolCallId: id,
  toolName: "calculator",
  input: JSON.stringify({ expression }),
})
const plans = {
  apples: {
    question: "Mira has 12 apples and buys 5 more. How many apples has she?",
    turns: [[{ type: "reasoning", text: "Add them." }, called("c1", "12 + 5")], said("17")],
  },
  boxes: {
    question: "A box holds 6 eggs. How many eggs do 4 boxes and 3 single eggs make?",
    turns: [
      [...said("Two at once."), called("c1", "6 * 4"), called("c2", "4 - 1")],
      [called("c3", "24 + 3")],
      said("27"),
    ],
  },
  coins: {
    question: "Tom has 40 coins and gives away 15. How many are left?",
    turns: [[called("c1", "forty - 15")], [called("c2", "40 - 15")], said("25")],
  },
}

const isCalling = (content) => content.some(({ type }) => type === "tool-call")
const finish = (content) => {
  const unified = isCalling(content) ? "tool-calls" : "stop"
  return { unified, raw: unified }
}

function model(turns) {
  let place = 0
  return new MockLanguageModel({
    provider: "mock",
    modelId: "mock-model",
    doGenerate: async () => {
      const content = turns[Math.min(place++, turns.length - 1)]
      return { content, finishReason: finish(content), usage, warnings: [] }
    },
    doStream: async () => {
      const content = turns[Math.min(place++, turns.length - 1)]
      return {
        stream: mocks.simulateReadableStream
          ? mocks.simulateReadableStream({ chunks: chunks(content) })
          : stream(chunks(content)),
      }
    },
  })
}

const stream = (parts) =>
  new ReadableStream({
    start: (controller) => {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })

const chunks = (content) => [
  { type: "stream-start", warnings: [] },
  ...content.flatMap((part, index) =>
    part.type === "tool-call"
      ? [part]
      : [
          { type: `${part.type}-start`, id: `${index}` },
          { type: `${part.type}-delta`, id: `${index}`, delta: part.text },
          { type: `${part.type}-end`, id: `${index}` },
        ],
  ),
  { type: "finish", finishReason: finish(content), usage },
]

const stopWhen = (isStepCount ?? stepCountIs)(5)
const rows = []
for (const [id, { question, turns }] of Object.entries(plans)) {
  const messages = [{ role: "user", content: question }]
  const system = "Use the calculator."
  const result = await generateText({ model: model(turns), instructions: system, messages, tools, stopWhen })
  const responses = result.responseMessages ?? result.response.messages
  const totalUsage = result.totalUsage ?? result.usage
  rows.push({
    id,
    model: "mock-model",
    system,
    messages: [...messages, ...responses],
    usage: { inputTokens: totalUsage.inputTokens, outputTokens: totalUsage.outputTokens },
    finishReason: result.finishReason,
  })
}
mkdirSync(target, { recursive: true })
writeFileSync(join(target, "generate-text.jsonl"), `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`)

// A chat as an application keeps it: UI messages, two turns of the user.
const chat = []
for (const { question, turns } of [plans.coins, plans.boxes]) {
  chat.push({ id: `u${chat.length}`, role: "user", parts: [{ type: "text", text: question }] })
  const result = streamText({
    model: model(turns),
    messages: await convertToModelMessages(chat, { tools }),
    tools,
    stopWhen,
    onError: () => undefined,
  })
  let last
  for await (const message of readUIMessageStream({ stream: result.toUIMessageStream() })) last = message
  chat.push({ ...last, id: `a${chat.length}` })
}
writeFileSync(join(target, "ui-chat.json"), `${JSON.stringify(chat, null, 1)}\n`)
console.error(`${rows.length} rows, a chat of ${chat.length} messages in ${target}`)
