import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type GenerateOptions, type OpenModel, userMessage } from "@swirl-ts/core"
import { fakeModel, temporaryFolder, testHost } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { requestKey } from "./cache-entry.ts"
import { cacheFolder, listCache, pruneCache } from "./cache-folder.ts"
import { cachedModel } from "./cached-model.ts"
import { cacheInWords, openResponseCache } from "./response-cache.ts"

const asked = (text: string, more: Partial<GenerateOptions> = {}): GenerateOptions => ({
  prompt: [userMessage(text)],
  temperature: 1,
  seed: 3,
  ...more,
})

function opened(reply: Parameters<typeof fakeModel>[0], identity = "m") {
  const model = fakeModel(reply)
  const open: OpenModel = { model, identity }
  return { model, open }
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

describe("the cache of responses", () => {
  const options = {}
  const name = { model: "fake:m", options }
  const big = { maxBytes: 1e9 }

  it("answers the same request again, in another process's cache too, and marks what it answers", async () => {
    const host = testHost()
    const { model, open } = opened(() => ({ text: "42", finishReason: { unified: "stop", raw: "eos" } }))
    const first = cachedModel(openResponseCache(host, big), open, name)
    const fresh = await first.doGenerate(asked("6 * 7"))
    const second = openResponseCache(host, big)
    const again = await cachedModel(second, open, name).doGenerate(asked("6 * 7"))
    expect(model.calls).toHaveLength(1)
    expect(fresh.cached).toBeUndefined()
    expect(again).toEqual({ ...fresh, cached: true })
    expect(second.counts).toEqual({ hits: 1, misses: 0, damaged: 0, kept: 0 })
    expect(cacheInWords(second.counts)).toBe("Responses: 1 from the cache, 0 asked for, 0 kept for later")
  })

  it("tells requests apart by all that decides the answer, and by nothing else", () => {
    const base = asked("q", { providerOptions: { swirl: { step: 0, prefixKey: "t1" } } })
    const key = requestKey("m", base)
    const others: GenerateOptions[] = [
      asked("other", base.providerOptions && { providerOptions: base.providerOptions }),
      { ...base, seed: 4 },
      { ...base, temperature: 0 },
      { ...base, topP: 0.9 },
      { ...base, topK: 3 },
      { ...base, maxOutputTokens: 9 },
      { ...base, stopSequences: ["\n"] },
      { ...base, tools: [{ type: "function", name: "t", description: "", inputSchema: {} }] },
      { ...base, toolChoice: { type: "required" } },
      { ...base, providerOptions: { swirl: { step: 1 } } },
      { ...base, providerOptions: { ...base.providerOptions, openai: { parallelToolCalls: false } } },
    ]
    const keys = [key, requestKey("other model", base), ...others.map((each) => requestKey("m", each))]
    expect(new Set(keys).size).toBe(keys.length)
    const same = { ...base, abortSignal: new AbortController().signal, providerOptions: { swirl: { step: 0 } } }
    expect(requestKey("m", same)).toBe(key)
  })

  it("keeps two models, two servers and two settings apart", async () => {
    const host = testHost()
    const cache = openResponseCache(host, big)
    const answers = ["a", "b", "c", "d"].map((text) => opened(() => text).open)
    const variants = [
      { ...answers[0]!, identity: "m" },
      { ...answers[1]!, identity: "n" },
      { ...answers[2]!, identity: "m", servers: ["http://one/v1"] },
      { ...answers[3]!, identity: "m", servers: ["http://two/v1"] },
    ]
    for (const each of variants) await cachedModel(cache, each, name).doGenerate(asked("q"))
    expect(cache.counts).toMatchObject({ hits: 0, kept: 4 })
    const texts = await Promise.all(
      variants.map(async (each) => (await cachedModel(cache, each, name).doGenerate(asked("q"))).content[0]),
    )
    expect(texts).toMatchObject([{ text: "a" }, { text: "b" }, { text: "c" }, { text: "d" }])
  })

  it("never keeps an error, a failed turn or what is no turn", async () => {
    const host = testHost()
    const cache = openResponseCache(host, big)
    const failing = opened(() => {
      throw new Error("busy")
    }).open
    await expect(cachedModel(cache, failing, name).doGenerate(asked("q"))).rejects.toThrow("busy")
    await cachedModel(cache, opened(() => ({ text: "so far", finishReason: "error" })).open, name).doGenerate(
      asked("q"),
    )
    const broken = opened(() => ({ content: "no list" as never })).open
    await cachedModel(cache, broken, name).doGenerate(asked("q"))
    expect(cache.counts.kept).toBe(0)
    expect((await listCache(cacheFolder(host))).models).toEqual([])
  })

  it("takes no entry that was torn or changed, whatever was done to it, counts it and writes it anew", async () => {
    const host = testHost()
    const { open } = opened(() => "the answer")
    await cachedModel(openResponseCache(host, big), open, name).doGenerate(asked("q"))
    const [path] = filesOf(cacheFolder(host))
    const text = readFileSync(path!, "utf8")
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom("cut", "change"), async (at, what) => {
        const changed =
          what === "cut"
            ? text.slice(0, at)
            : `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`
        writeFileSync(path!, changed)
        const cache = openResponseCache(host, big)
        const result = await cachedModel(cache, open, name).doGenerate(asked("q"))
        expect(cache.counts).toEqual({ hits: 0, misses: 0, damaged: 1, kept: 1 })
        expect(result.cached).toBeUndefined()
        expect(cacheInWords(cache.counts)).toContain("1 asked for (1 of them were kept, but damaged)")
      }),
      { numRuns: 60 },
    )
    const cache = openResponseCache(host, big)
    await cachedModel(cache, open, name).doGenerate(asked("q"))
    expect(cache.counts.hits).toBe(1)
  })

  it("stays within its bound while it is written to, and lets go of what was used longest ago", async () => {
    const host = testHost()
    const bound = 40_000
    const cache = openResponseCache(host, { maxBytes: bound })
    const model = cachedModel(cache, opened(() => "x".repeat(1000)).open, name)
    for (let index = 0; index < 100; index++) {
      await model.doGenerate(asked(`q${index}`))
      if (index % 5 === 0) await model.doGenerate(asked("q0"))
    }
    const { bytes } = await listCache(cacheFolder(host))
    expect(bytes).toBeLessThanOrEqual(bound * (1 + 1 / 16) + 2000)
    expect(bytes).toBeGreaterThan(bound / 2)
    const before = cache.counts.hits
    await model.doGenerate(asked("q0"))
    expect(cache.counts.hits).toBe(before + 1)
  })

  it("lists by model, and prunes by age, by size and by model", async () => {
    const host = testHost()
    const cache = openResponseCache(host, big)
    const folder = cacheFolder(host)
    for (const [model, count] of [
      ["fake:a", 3],
      ["fake:b", 1],
    ] as const)
      for (let index = 0; index < count; index++)
        await cachedModel(cache, opened(() => "x", model).open, { model, options }).doGenerate(asked(`q${index}`))
    const { models, bytes } = await listCache(folder)
    expect(models.map(({ model, answers }) => [model, answers])).toEqual([
      ["fake:a", 3],
      ["fake:b", 1],
    ])
    expect(bytes).toBe(models.reduce((sum, each) => sum + each.bytes, 0))
    expect(await pruneCache(folder, { olderThan: 3_600_000 })).toMatchObject({ deleted: 0, left: 4 })
    expect(await pruneCache(folder, { maxBytes: 0, model: "fake:b" })).toMatchObject({ deleted: 1, left: 3 })
    expect(await pruneCache(folder, { maxBytes: models[0]!.bytes / 2 })).toMatchObject({ deleted: 2, left: 1 })
    expect(await pruneCache(folder, { olderThan: -1 })).toMatchObject({ deleted: 1, left: 0, bytesLeft: 0 })
  })

  it("lets work go on where it cannot be written, and says so once", async () => {
    const host = testHost({ cacheDirectory: join(temporaryFolder(), "file") })
    writeFileSync(host.cacheDirectory, "no folder")
    const model = cachedModel(openResponseCache(host, big), opened(() => "fine").open, name)
    expect((await model.doGenerate(asked("q"))).content).toMatchObject([{ text: "fine" }])
    await model.doGenerate(asked("p"))
    expect(host.lines).toHaveLength(1)
    expect(host.lines[0]).toContain("so models are asked")
  })

  it("answers from a folder that is read-only", async (context) => {
    const host = testHost()
    const { model, open } = opened(() => ({ text: "42", finishReason: { unified: "stop", raw: "eos" } }))
    await cachedModel(openResponseCache(host, big), open, name).doGenerate(asked("6 * 7"))
    const folder = cacheFolder(host)
    try {
      execFileSync("mount", ["--bind", folder, folder], { stdio: "ignore" })
    } catch {
      return context.skip("this user may not mount")
    }
    try {
      execFileSync("mount", ["-o", "remount,bind,ro", folder])
      const cache = openResponseCache(host, big)
      await cachedModel(cache, open, name).doGenerate(asked("6 * 7"))
      expect(cache.counts).toEqual({ hits: 1, misses: 0, damaged: 0, kept: 0 })
      expect(model.calls).toHaveLength(1)
    } finally {
      execFileSync("umount", [folder])
    }
  })

  it("keeps the ids and log-probabilities of models that have them", async () => {
    const host = testHost()
    const swirl = { promptTokenIds: [1], tokenIds: [2, 3], logProbabilities: [-0.5, -1 / 3], finishReason: "stop" }
    const { open } = opened(() => ({ text: "x", providerMetadata: { swirl } }))
    for (const _ of [1, 2])
      expect(
        (await cachedModel(openResponseCache(host, big), open, name).doGenerate(asked("q"))).providerMetadata,
      ).toEqual({ swirl })
  })
})
