import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type GenerateOptions, type OpenModel, readGeneration, userMessage } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { llamaProvider } from "./provider.ts"

const root = join(import.meta.dirname, "..", "..", "..")
const file = join(root, ".swirl", "models", "SmolLM2-135M-Instruct.Q4_1.gguf")
const peers = process.env.SWIRL_PEERS ?? join(root, ".swirl", "peers")
const present = existsSync(file) && existsSync(join(peers, "node-llama-cpp", "node_modules"))
const host = testHost({ workingDirectory: root, environment: { SWIRL_PEERS: peers } })

describe.skipIf(!present)(
  `a real GGUF model${present ? "" : ` (skipped: needs ${file} and node-llama-cpp, see README)`}`,
  { timeout: 120_000 },
  () => {
    let open: OpenModel
    let withTemplate: OpenModel
    const chatTemplate =
      "{% for m in messages %}{% if loop.first and tools %}{{ tools | tojson }}{% endif %}<|im_start|>{{ m.role }}\n{{ m.content }}" +
      '{% for c in m.tool_calls or [] %}<call>{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}</call>{% endfor %}<|im_end|>\n{% endfor %}'
    beforeAll(async () => {
      const settings = { sequences: 4, contextSize: 1024, threads: 1 }
      open = await llamaProvider().open(file, settings, host)
      withTemplate = await llamaProvider({ chatTemplate }).open(file, { ...settings, sequences: 1 }, host)
    }, 120_000)
    afterAll(async () => {
      await open?.close?.()
      await withTemplate?.close?.()
    })

    const ask = async (question: string, options: Partial<GenerateOptions> = {}) =>
      readGeneration(
        await open.model.doGenerate({
          prompt: [userMessage(question)],
          maxOutputTokens: 12,
          temperature: 1,
          ...options,
        }),
      )

    const tools = [{ type: "function" as const, name: "look_up", description: "Finds.", inputSchema: {} }]

    it("refuses tools where the file's template takes none", async () => {
      await expect(ask("Who?", { tools })).rejects.toThrow("The model's chat template takes no tools")
    })

    it("offers tools and reads calls where its template takes them", () => {
      const { conversation } = withTemplate.model
      const calling = conversation!.withTools!(tools)
      const ids = calling.start([userMessage("Who?")])
      expect(calling.spell!(ids)).toContain('"name": "look_up"')
      const said = conversation!.start([userMessage('So. <call>{"name": "look_up", "arguments": {"x": 1}}</call>')])
      expect(calling.read!(said).toolCalls).toEqual([{ toolCallId: "", toolName: "look_up", input: '{"x":1}' }])
    })

    it("gives the same ids and log-probabilities for the same seed, alone and beside others", async () => {
      const alone = await ask("Name a colour.", { seed: 5 })
      const together = await Promise.all([1, 2, 5, 3, 4, 6].map((seed) => ask("Name a colour.", { seed })))
      expect(together[2]!.tokens!.tokenIds).toEqual(alone.tokens!.tokenIds)
      together[2]!.tokens!.logProbabilities.forEach((value, index) => {
        expect(value).toBeCloseTo(alone.tokens!.logProbabilities[index]!, 1)
      })
      expect(new Set(together.map((turn) => turn.text)).size).toBeGreaterThan(2)
    })

    it("reports log-probabilities at temperature 1 whatever temperature sampled", async () => {
      const prompt = "What is 2 + 2? Answer with one word."
      const greedy = await ask(prompt, { temperature: 0 })
      // The full distribution, cut to its best token at other temperatures, has to say the same.
      const cut = await ask(prompt, { temperature: 0.3, topK: 1 })
      expect(cut.tokens!.tokenIds).toEqual(greedy.tokens!.tokenIds)
      cut.tokens!.logProbabilities.forEach((value, index) => {
        expect(value).toBeCloseTo(greedy.tokens!.logProbabilities[index]!, 2)
      })
      const warm = await ask(prompt, { temperature: 0.5, seed: 3 })
      const again = await ask(prompt, { temperature: 0.5, seed: 3 })
      expect(again.tokens!.tokenIds).toEqual(warm.tokens!.tokenIds)
    })

    it("scores sampled tokens as it did when it sampled them, after another use of the cache as well", async () => {
      const { promptTokenIds, tokenIds, logProbabilities } = (await ask("Name a colour.", { seed: 5 })).tokens!
      for (let time = 0; time < 2; time++) {
        const scored = await open.model.score!({ tokenIds: [...promptTokenIds, ...tokenIds] })
        expect(scored[0]!.logProbability).toBe(null)
        scored.slice(promptTokenIds.length).forEach(({ logProbability }, index) => {
          expect(logProbability).toBeCloseTo(logProbabilities[index]!, 1)
        })
      }
    })

    it("continues a conversation from its ids as if its text had been rendered whole", async () => {
      const conversation = open.model.conversation!
      const first = await ask("Say only the word yes.", { temperature: 0, maxOutputTokens: 40 })
      expect(first.tokens!.finishReason).toBe("stop")
      const promptTokenIds = [
        ...first.tokens!.promptTokenIds,
        ...first.tokens!.tokenIds,
        ...conversation.continue([userMessage("And now no.")], "stop", first.tokens!.tokenIds),
      ]
      expect(
        conversation.start([
          userMessage("Say only the word yes."),
          { role: "assistant", content: [{ type: "text", text: first.text }] },
          userMessage("And now no."),
        ]),
      ).toEqual(promptTokenIds)
      const reused = await ask("", { temperature: 0, providerOptions: { swirl: { promptTokenIds } } })
      await Promise.all([1, 2, 3, 4].map((seed) => ask(`Count to ${seed}.`, { seed, maxOutputTokens: 2 })))
      const fresh = await ask("", { temperature: 0, providerOptions: { swirl: { promptTokenIds } } })
      expect(fresh.tokens!.tokenIds.slice(0, 4)).toEqual(reused.tokens!.tokenIds.slice(0, 4))
    })

    it("stops at a stop sequence, keeps the sampled ids whole, and is cut off at the limit", async () => {
      const turn = await ask("List the numbers from one to nine.", {
        temperature: 0,
        stopSequences: ["3"],
        maxOutputTokens: 60,
      })
      expect(turn.finishReason).toBe("stop")
      expect(turn.text).not.toContain("3")
      expect(open.model.conversation!.decode(turn.tokens!.tokenIds)).toContain("3")
      const short = await ask("Tell me a story.", { maxOutputTokens: 3 })
      expect(short.finishReason).toBe("length")
      expect(short.tokens!.tokenIds).toHaveLength(3)
    })

    it("refuses a conversation longer than the context, and tools of its own, with a sentence", async () => {
      await expect(ask("word ".repeat(2000))).rejects.toThrow(/context of .* 1024/)
      await expect(ask("x", { tools: [{ type: "function", name: "t", inputSchema: {} }] })).rejects.toThrow(/tags/)
    })

    it("can be aborted and used again", async () => {
      const controller = new AbortController()
      const running = ask("Tell me a long story.", { maxOutputTokens: 400, abortSignal: controller.signal })
      setTimeout(() => controller.abort(), 100)
      await expect(running).rejects.toThrow(/abort/)
      expect((await ask("Hello.")).tokens!.tokenIds.length).toBeGreaterThan(0)
    })

    it("is identified by the digest of its file", () => {
      expect(open.identity).toMatch(/^[0-9a-f]{64}$/)
      expect(open.concurrency).toBe(4)
    })
  },
)

describe("what cannot be opened", () => {
  const folder = temporaryFolder()
  const emptyHead = "GGUF\x03".padEnd(24, "\0")
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  it("says what is wrong with the file", async () => {
    await expect(llamaProvider().open("", {}, host)).rejects.toThrow("llama:<file.gguf>")
    await expect(llamaProvider().open("none.gguf", {}, host)).rejects.toThrow(/none\.gguf cannot be read: ENOENT/)
    await expect(llamaProvider().open(folder, {}, host)).rejects.toThrow("is not a file")
    await expect(llamaProvider().open(write("text.gguf", "hello"), {}, host)).rejects.toThrow("is not a GGUF file")
  })

  it("says which option is wrong, and passes over what other models are shown", async () => {
    expect(() => llamaProvider({ sequnces: 2 } as object)).toThrow(
      'Options of plugin model-llama: there is no option "sequnces". Did you mean "sequences"?',
    )
    const open = (options: object) => llamaProvider().open("none.gguf", { baseUrl: "http://x", ...options }, host)
    await expect(open({ contextSize: 0 })).rejects.toThrow(
      'Options of model llama: option "contextSize" cannot be used: it should be 1 or more, but is 0.',
    )
    await expect(open({ backend: "wasm" })).rejects.toThrow("none.gguf cannot be read")
  })

  it("prints the command that installs a missing peer", async () => {
    const none = { ...host, environment: {}, workingDirectory: folder }
    await expect(llamaProvider().open(write("model.gguf", emptyHead), {}, none)).rejects.toThrow(
      /npm i --prefix .*\.swirl\/peers\/node-llama-cpp node-llama-cpp@3\.22\.1 @node-llama-cpp\/\S+@3\.22\.1 --omit=optional/,
    )
  })

  it("says that the head of a file is damaged", async () => {
    await expect(llamaProvider().open(write("head.gguf", "GGUFxxxxxxxxxxxxxxxxxxxxxxxxx"), {}, host)).rejects.toThrow(
      "damaged",
    )
    await expect(llamaProvider().open(write("short.gguf", "GGUF"), {}, host)).rejects.toThrow("damaged")
  })

  it.skipIf(!present)(
    "says that a file that is cut off cannot be loaded",
    async () => {
      const cut = write("cut.gguf", "")
      writeFileSync(cut, readFileSync(file).subarray(0, 8_000_000))
      await expect(llamaProvider().open(cut, {}, host)).rejects.toThrow(/cannot load .*cut\.gguf/)
    },
    60_000,
  )
})
