import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  assistantMessage,
  type GenerateOptions,
  isSwirlError,
  type OpenModel,
  readGeneration,
  seedFrom,
  userMessage,
} from "@swirl-ts/core"
import { fileDigest } from "@swirl-ts/kit"
import { initBackend } from "@swirl-ts/transformer"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { tensorCount, wasmHost, writeTinyPolicy } from "../test/tiny-policy.ts"
import { nanoDirectory } from "./directory.ts"
import { localProviders } from "./provider.ts"

const host = wasmHost()
let directory: string
let open: OpenModel
beforeAll(async () => {
  await initBackend("wasm")
  directory = writeTinyPolicy()
  open = await localProviders().local.open(directory, { maxRows: 32 }, host)
})
afterAll(() => open.close?.())

const ask = async (question: string, options: Partial<GenerateOptions> = {}, model = open.model) =>
  readGeneration(await model.doGenerate({ prompt: [userMessage(question)], maxOutputTokens: 20, ...options }))

describe("a local model", () => {
  it("gives the same ids alone as in a batch of 32 that joins and leaves at other times", async () => {
    const seeds = Array.from({ length: 40 }, (_, index) => seedFrom("batch", index))
    const settings = (index: number) => ({ seed: seeds[index]!, maxOutputTokens: 5 + (index % 20) })
    const together = await Promise.all(seeds.map((_, index) => ask(`question ${index}`, settings(index))))
    const fresh = await localProviders({ prefixCacheBytes: 0 }).local.open(directory, {}, host)
    for (const index of [0, 7, 13, 31, 39]) {
      const alone = await ask(`question ${index}`, settings(index), fresh.model)
      expect(alone.tokens!.tokenIds).toEqual(together[index]!.tokens!.tokenIds)
      alone.tokens!.logProbabilities.forEach((value, at) => {
        expect(value).toBeCloseTo(together[index]!.tokens!.logProbabilities[at]!, 4)
      })
    }
    await fresh.close?.()
    expect(new Set(together.map(({ text }) => text)).size).toBeGreaterThan(30)
  })

  it("continues its own ids, as if the conversation had been rendered whole", async () => {
    const conversation = open.model.conversation!
    const first = await ask("one", { seed: 3, maxOutputTokens: 4 })
    const { promptTokenIds, tokenIds, finishReason } = first.tokens!
    const next = [
      ...promptTokenIds,
      ...tokenIds,
      ...conversation.continue([userMessage("two")], finishReason, tokenIds),
    ]
    // A model of random weights samples the names of speakers too; they stay in the ids and leave the text.
    const spoken = tokenIds.filter((id) => id > 4)
    const following = conversation.continue([userMessage("two")], "length")
    expect([...promptTokenIds, ...spoken, ...following]).toEqual(
      conversation.start([userMessage("one"), assistantMessage(first.text), userMessage("two")]),
    )
    const second = await ask("ignored", { providerOptions: { swirl: { promptTokenIds: next, seed: 9 } } })
    expect(second.tokens!.promptTokenIds).toEqual(next)
    expect(second.tokens!.tokenIds).toEqual(
      (await ask("", { providerOptions: { swirl: { promptTokenIds: next, seed: 9 } } })).tokens!.tokenIds,
    )
  })

  it("ends at a stop string with the ids up to it, the same ids as without", async () => {
    const whole = await ask("stop", { seed: 5, maxOutputTokens: 40 })
    const letter = whole.text[10]!
    const cut = await ask("stop", { seed: 5, maxOutputTokens: 40, stopSequences: [letter] })
    expect(cut.finishReason).toBe("stop")
    expect(cut.text).toBe(whole.text.slice(0, whole.text.indexOf(letter)))
    expect(cut.tokens!.tokenIds).toEqual(whole.tokens!.tokenIds.slice(0, cut.tokens!.tokenIds.length))
    expect(open.model.conversation!.decode(cut.tokens!.tokenIds)).toBe(cut.text + letter)
    expect(cut.tokens!.logProbabilities).toHaveLength(cut.tokens!.tokenIds.length)
  })

  it("is greedy at temperature 0 whatever the seed", async () => {
    const [a, b] = await Promise.all([1, 2].map((seed) => ask("greedy", { seed, temperature: 0 })))
    expect(a!.tokens!.tokenIds).toEqual(b!.tokens!.tokenIds)
  })

  it("drops an aborted call and serves the others", async () => {
    const controller = new AbortController()
    const aborted = ask("long", { maxOutputTokens: 100, abortSignal: controller.signal, seed: 1 })
    const other = ask("other", { seed: 2 })
    setImmediate(() => controller.abort())
    await expect(aborted).rejects.toThrow(/abort/)
    expect((await other).tokens!.tokenIds).toEqual((await ask("other", { seed: 2 })).tokens!.tokenIds)
  })

  it("refuses ids of another vocabulary without harming other calls", async () => {
    const good = ask("good", { seed: 1 })
    const ids = { swirl: { promptTokenIds: [1, 99_999] } }
    await expect(ask("", { providerOptions: ids })).rejects.toThrow(/id 99999.*another model/)
    expect((await good).tokens!.tokenIds.length).toBeGreaterThan(0)
  })

  it("frees everything it held when it is closed, and says so when asked again", async () => {
    const before = tensorCount()
    const other = await localProviders().local.open(directory, {}, host)
    await Promise.all([1, 2, 3].map((seed) => ask("x", { seed }, other.model)))
    const running = ask("y", { maxOutputTokens: 90 }, other.model)
    await other.close?.()
    await expect(running).rejects.toThrow("closed")
    expect(tensorCount()).toBe(before)
    await expect(ask("z", {}, other.model)).rejects.toThrow("closed")
  })
})

describe("a base model without a chat template", () => {
  it("writes speakers", async () => {
    const base = await localProviders().local.open(writeTinyPolicy({ template: false }), {}, host)
    const { decode, start } = base.model.conversation!
    expect(decode(start([userMessage("what?")]))).toBe("User: what?\nAssistant:")
    await base.close?.()
  })
})

const embedded = join(import.meta.dirname, "..", "..", "policy-nano", "model")
const weightsThere = existsSync(join(embedded, "model.safetensors"))

describe("nano", () => {
  it.skipIf(!weightsThere)(
    `opens the embedded policy${weightsThere ? "" : ` (skipped: no weights in ${embedded})`}`,
    async () => {
      const nano = await localProviders().nano.open("", {}, host)
      const turn = await ask("what is 2 plus 3 ?", { temperature: 0, maxOutputTokens: 30 }, nano.model)
      expect(turn.finishReason).toBe("stop")
      expect(turn.text.length).toBeGreaterThan(0)
      await nano.close?.()
    },
  )

  it("says so where the policy's package brings no weights or is not installed", async () => {
    const project = wasmHost()
    const folder = join(project.workingDirectory, "node_modules", "@acme", "policy")
    await expect(nanoDirectory(project, "@acme/policy")).rejects.toThrow("npm i @acme/policy")
    mkdirSync(folder, { recursive: true })
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
    write("package.json", '{ "name": "@acme/policy", "type": "module", "exports": "./index.js" }')
    write("index.js", "export const modelDirectory = new URL('./model', import.meta.url)")
    await expect(nanoDirectory(project, "@acme/policy")).rejects.toThrow(`no weights in ${join(folder, "model")}`)
    mkdirSync(join(folder, "model"))
    write("model/config.json", "{}")
    expect(await nanoDirectory(project, "@acme/policy")).toBe(join(folder, "model"))
  })
})

describe("opening", () => {
  it("tells the runner how many conversations are decoded together", async () => {
    expect(open.concurrency).toBe(32)
    const free = await localProviders().local.open(directory, {}, host)
    expect(free.concurrency).toBe(128)
    await free.close?.()
  })

  it("identifies a checkpoint by its content", async () => {
    const same = await localProviders().local.open(writeTinyPolicy(), {}, host)
    const different = await localProviders().local.open(writeTinyPolicy({ seed: 2 }), {}, host)
    expect(same.identity).toBe(open.identity)
    expect(different.identity).not.toBe(open.identity)
    await same.close?.()
    await different.close?.()
  })

  it("finds a hub id that somebody put into the cache folder, and says so where the hub cannot be asked", async () => {
    const offline = wasmHost({ environment: { SWIRL_BACKEND: "wasm", HF_ENDPOINT: "http://127.0.0.1:9" } })
    const { open: openModel, check, directory: onDisk } = localProviders().local
    const missing = /There is no model folder .*owner\/name\. There is no model owner\/name@main in the cache, and http/
    await expect(openModel("owner/name", {}, offline)).rejects.toThrow(missing)
    await expect(check?.("owner/name", offline)).rejects.toThrow(missing)
    expect(await onDisk?.("owner/name", offline)).toBeUndefined()
    const byHand = join(offline.cacheDirectory, "models", "owner", "name")
    cpSync(directory, byHand, { recursive: true })
    expect(await onDisk?.("owner/name", offline)).toBe(byHand)
    await check?.("owner/name", offline)
  })

  it("opens a GGUF file with its tokenizer and template, by the digest of its content", async () => {
    const file = join(import.meta.dirname, "../../../fixtures/transformer/gguf/chat.gguf")
    const model = await localProviders().local.open(file, {}, host)
    const turn = await ask("Hello 12", { temperature: 0, maxOutputTokens: 6 }, model.model)
    expect(turn.tokens!.tokenIds.length).toBeGreaterThan(0)
    expect(model.model.conversation!.decode(turn.tokens!.promptTokenIds)).toBe("user\nHello 12\n")
    expect(model.identity).toBe(await fileDigest(file))
    expect(await localProviders().local.directory?.(file, host)).toBeUndefined()
    await model.close?.()
    await expect(localProviders().local.open("no/such.gguf", {}, host)).rejects.toThrow(/There is no file .*such\.gguf/)
  })

  it("says what is wrong with a folder or a setting", async () => {
    const broken = writeTinyPolicy()
    rmSync(join(broken, "model.safetensors"))
    await expect(localProviders().local.open(broken, {}, host)).rejects.toThrow("model.safetensors")
    const empty = join(host.workingDirectory, "empty")
    mkdirSync(empty)
    await expect(localProviders().local.open("empty", {}, host)).rejects.toThrow("has no config.json")
    await expect(localProviders().local.open("", {}, host)).rejects.toThrow("local:<directory>")
    await expect(localProviders().local.open(directory, { maxRows: 0 }, host)).rejects.toThrow(
      'Options of model local: option "maxRows" cannot be used: it should be 1 or more, but is 0.',
    )
    expect(() => localProviders({ maxRow: 3 } as object)).toThrow(
      /plugin local: there is no option "maxRow"\. Did you mean "maxRows"/,
    )
    const wrong = wasmHost({ environment: { SWIRL_BACKEND: "quantum" } })
    await expect(localProviders().local.open(directory, {}, wrong)).rejects.toThrow('no backend "quantum"')
    appendFileSync(join(broken, "config.json"), "}")
    writeFileSync(join(broken, "model.safetensors"), "")
    await expect(localProviders().local.open(broken, {}, host)).rejects.toSatisfy(isSwirlError)
    await expect(localProviders().nano.open("7b", {}, host)).rejects.toThrow("takes no reference")
  })
})
