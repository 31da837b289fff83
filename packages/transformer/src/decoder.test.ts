import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { initTestBackend, relativeError, smallConfig } from "../test/small-model.ts"
import { uniform } from "./counter-random.ts"
import {
  createDecoder,
  type DecoderOptions,
  type GeneratedSequence,
  type GenerationRequest,
  generateSequences,
} from "./decoder.ts"
import { forward } from "./forward.ts"
import { logProbabilities } from "./forward-backward.ts"
import { kernelsFor } from "./kernels.ts"
import { cachedRowBytes } from "./key-value-cache.ts"
import { createPrefixCache } from "./prefix-cache.ts"
import { initModel, type TransformerModel } from "./transformer-model.ts"

beforeAll(async () => {
  await initTestBackend()
})

const prompt = (seed: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (i === 0 ? 0 : 2 + Math.floor(uniform([seed, 3], i) * 38)))

const requests = Array.from({ length: 9 }, (_, i) => ({
  promptTokenIds: prompt(i % 7, 3 + (((i % 7) * 5) % 23)),
  seed: `row ${i}`,
  maxTokens: 4 + ((i * 5) % 14),
}))

/** All texts, and the most bytes that their tensors took after a step. */
function watched(
  model: TransformerModel,
  requests: readonly GenerationRequest[],
  options: DecoderOptions,
): { found: GeneratedSequence[]; most: number } {
  const before = tf.memory().numBytes
  const decoder = createDecoder(model, options)
  for (const request of requests) decoder.add(request)
  const found: GeneratedSequence[] = []
  let most = 0
  while (decoder.pending > 0) {
    for (const { id, generation } of decoder.step()) found[id] = generation
    most = Math.max(most, tf.memory().numBytes - before)
  }
  return { found, most }
}

describe.each([8, 6])("generation with heads of %i", (headSize) => {
  const config = smallConfig({ headSize })

  it("has the log-probabilities of the uncached forward, for ragged rows that leave at different times", () => {
    const model = initModel(config, 1, 0.3)
    for (const [i, { tokenIds, logProbabilities: logs }] of generateSequences(model, requests).entries()) {
      const { promptTokenIds } = requests[i]!
      const full = logProbabilities(model, [[...promptTokenIds, ...tokenIds]])[0]!
      expect(relativeError(logs, full.subarray(promptTokenIds.length - 1))).toBeLessThan(1e-4)
    }
  })

  it("ends a row where it is told to, and nothing else changes", () => {
    const model = initModel(config, 1, 0.3)
    const whole = generateSequences(model, requests)
    const isEnd = (tokenIds: readonly number[]): boolean => tokenIds.length === 3
    const cut = generateSequences(
      model,
      requests.map((request, i) => (i % 2 === 0 ? { ...request, isEnd } : request)),
    )
    cut.forEach((row, i) => {
      const { tokenIds, logProbabilities, finishReason } = whole[i]!
      expect(row.tokenIds).toEqual(i % 2 === 0 ? tokenIds.slice(0, 3) : tokenIds)
      expect(row.logProbabilities).toHaveLength(row.tokenIds.length)
      expect(logProbabilities.length).toBe(tokenIds.length)
      expect(row.finishReason).toBe(i % 2 === 0 ? "stop" : finishReason)
    })
  })

  it("gives a row the same text alone, in a batch, joining late, and with a prefix cache", () => {
    const model = initModel(config, 1, 0.3)
    const together = generateSequences(model, requests)
    const alone = requests.map((request) => generateSequences(model, [request])[0]!)
    expect(together.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
    const few = generateSequences(model, requests, { maxRows: 3, prefillBudget: 10 })
    expect(few.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
    const prefixCache = createPrefixCache(config)
    generateSequences(model, requests, { prefixCache })
    const longer = requests.map((request, i) => ({
      ...request,
      promptTokenIds: [...request.promptTokenIds, ...together[i]!.tokenIds, 5, 6, 7].slice(0, 60),
    }))
    const cached = generateSequences(model, longer, { prefixCache })
    expect(prefixCache.hits).toBeGreaterThan(6)
    const fresh = generateSequences(model, longer)
    expect(cached.map(({ tokenIds }) => tokenIds)).toEqual(fresh.map(({ tokenIds }) => tokenIds))
    expect(
      relativeError(
        cached.flatMap((g) => g.logProbabilities),
        fresh.flatMap((g) => g.logProbabilities),
      ),
    ).toBeLessThan(1e-4)
    prefixCache.clear()
  })

  it("gives nested prompts with many rows each the same text as alone, also when rows join and leave in between", () => {
    const model = initModel(config, 1, 0.3)
    const path = prompt(77, 40)
    const nested = [12, 25, 40].flatMap((length, state) =>
      Array.from({ length: 5 }, (_, i) => ({
        promptTokenIds: path.slice(0, length),
        seed: `state ${state} row ${i}`,
        maxTokens: 3 + ((state * 7 + i * 5) % 11),
        temperature: i === 4 ? 0 : i === 3 ? 0.7 : 1,
      })),
    )
    const all = [...nested, ...requests]
    const alone = all.map((request) => generateSequences(model, [request])[0]!)
    for (const options of [{}, { maxRows: 7 }, { prefixCache: createPrefixCache(config) }]) {
      const together = generateSequences(model, all, options)
      expect(together.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
      expect(
        relativeError(
          together.flatMap((g) => g.logProbabilities),
          alone.flatMap((g) => g.logProbabilities),
        ),
      ).toBeLessThan(1e-4)
      options.prefixCache?.clear()
    }
  })

  it("gives long rows the same text as alone, while others leave behind any of their tokens and more join", () => {
    const long = smallConfig({ headSize, maxPositions: 192 })
    const model = initModel(long, 1, 0.3)
    const many = Array.from({ length: 14 }, (_, i) => ({
      promptTokenIds: [...prompt(3, 34), ...prompt(i, 2 + (i % 3))],
      seed: `long ${i}`,
      maxTokens: [118, 31, 32, 33, 34, 66, 90][i % 7]!,
    }))
    const settings = { stopTokenIds: [] }
    const alone = many.map((request) => generateSequences(model, [request], settings)[0]!)
    alone.forEach(({ tokenIds, logProbabilities: logs }, i) => {
      const { promptTokenIds } = many[i]!
      const full = logProbabilities(model, [[...promptTokenIds, ...tokenIds]])[0]!
      expect(relativeError(logs, full.subarray(promptTokenIds.length - 1))).toBeLessThan(1e-4)
    })
    for (const options of [{}, { maxRows: 5 }, { prefixCache: createPrefixCache(long) }]) {
      const before = tf.memory().numTensors
      const together = generateSequences(model, many, { ...settings, ...options })
      expect(together.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
      const [prefixCache] = "prefixCache" in options ? [options.prefixCache] : []
      const on = together.map(({ tokenIds }, i) => ({
        promptTokenIds: [...many[i]!.promptTokenIds, ...tokenIds, 4],
        seed: i,
        maxTokens: 5,
      }))
      const next = on.map((request) => generateSequences(model, [request], settings)[0]!.tokenIds)
      expect(generateSequences(model, on, { ...settings, ...options }).map(({ tokenIds }) => tokenIds)).toEqual(next)
      prefixCache?.clear()
      expect(tf.memory().numTensors).toBe(before)
    }
  })

  it("holds no more than it may: the newest rows give way, wait, and go on with the same text", () => {
    const long = smallConfig({ headSize, maxPositions: 192 })
    const model = initModel(long, 1, 0.3)
    const many = Array.from({ length: 12 }, (_, i) => ({
      promptTokenIds: prompt(i, 3 + 4 * (i % 3)),
      seed: `long ${i}`,
      maxTokens: [118, 100, 90, 80][i % 4]!,
    }))
    const settings = { stopTokenIds: [] }
    const alone = many.map((request) => generateSequences(model, [request], settings)[0]!)
    const maxBytes = 3 * cachedRowBytes(long, 128)
    // Kernels take slots in blocks.
    const block = kernelsFor(long) === undefined ? 0 : 64
    const run = (options: DecoderOptions) => {
      const { found, most } = watched(model, many, { ...settings, ...options })
      expect(found.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
      found.forEach(({ logProbabilities: logs }, i) => {
        expect(relativeError(logs, alone[i]!.logProbabilities)).toBeLessThan(1e-4)
      })
      return most
    }
    expect(run({})).toBeGreaterThan(2 * maxBytes)
    expect(run({ maxBytes })).toBeLessThan(1.25 * maxBytes + 5 * cachedRowBytes(long, block))
    // Less than one row takes: they go one after another.
    run({ maxBytes: cachedRowBytes(long, 10) })
    const prefixCache = createPrefixCache(long)
    run({ maxBytes, prefixCache })
    prefixCache.clear()
  })

  it("lets a long prompt wait while it would make every row beside it as long", () => {
    const long = smallConfig({ headSize, maxPositions: 256 })
    const model = initModel(long, 1, 0.3)
    const short = Array.from({ length: 10 }, (_, i) => ({ promptTokenIds: prompt(i, 4), seed: `${i}`, maxTokens: 30 }))
    const asked = [...short, { promptTokenIds: prompt(50, 200), seed: "long", maxTokens: 4 }]
    const alone = asked.map((request) => generateSequences(model, [request], { stopTokenIds: [] })[0]!)
    const maxBytes = 10 * cachedRowBytes(long, 64)
    const run = (options: DecoderOptions) => {
      const { found, most } = watched(model, asked, { stopTokenIds: [], ...options })
      expect(found.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
      return most
    }
    expect(run({})).toBeGreaterThan(2 * maxBytes)
    expect(run({ maxBytes })).toBeLessThan(1.25 * maxBytes)
  })

  it("goes on from a prefix cache filled by rows that shared their beginning", () => {
    const model = initModel(config, 1, 0.3)
    const prefixCache = createPrefixCache(config)
    const start = Array.from({ length: 6 }, (_, i) => ({ promptTokenIds: prompt(5, 20), seed: i, maxTokens: 6 }))
    const first = generateSequences(model, start, { prefixCache, stopTokenIds: [] })
    const on = first.map(({ tokenIds }, i) => ({
      promptTokenIds: [...prompt(5, 20), ...tokenIds, 7 + i, 9],
      seed: i,
      maxTokens: 8,
    }))
    const hits = prefixCache.hits
    const cached = generateSequences(model, on, { prefixCache })
    expect(prefixCache.hits).toBe(hits + new Set(on.map((request) => request.promptTokenIds.join())).size)
    const fresh = generateSequences(model, on)
    expect(cached.map(({ tokenIds }) => tokenIds)).toEqual(fresh.map(({ tokenIds }) => tokenIds))
    expect(
      relativeError(
        cached.flatMap((g) => g.logProbabilities),
        fresh.flatMap((g) => g.logProbabilities),
      ),
    ).toBeLessThan(1e-4)
    prefixCache.clear()
  })

  it("gives the same texts where each prompt goes on from another conversation that begins like it, within a budget", () => {
    const model = initModel(config, 1, 0.3)
    const alike = prompt(1, 9)
    const asked = (seed: number, length: number) =>
      Array.from({ length: 8 }, (_, i) => ({
        promptTokenIds: [...alike.slice(0, length), ...prompt(seed + i, 4 + i).slice(1)],
        seed: `${seed} ${i}`,
        maxTokens: 5,
      }))
    const prefixCache = createPrefixCache(config)
    generateSequences(model, asked(20, 4), { prefixCache })
    const alone = asked(40, 9).map((request) => generateSequences(model, [request])[0]!)
    const after = generateSequences(model, asked(40, 9), { prefixCache, prefillBudget: 24 })
    expect(after.map(({ tokenIds }) => tokenIds)).toEqual(alone.map(({ tokenIds }) => tokenIds))
    for (const [i, { logProbabilities: logs }] of after.entries())
      expect(relativeError(logs, alone[i]!.logProbabilities)).toBeLessThan(1e-4)
  })

  it("leaves no tensor behind, also when it stops half-way", () => {
    const model = initModel(config, 1, 0.3)
    const round = (): void => {
      const prefixCache = createPrefixCache(config)
      generateSequences(model, requests, { prefixCache, maxRows: 4 })
      const many = Array.from({ length: 9 }, (_, i) => ({ promptTokenIds: prompt(9, 20), seed: i, maxTokens: 2 + i }))
      generateSequences(model, many, { prefixCache })
      const decoder = createDecoder(model, { prefixCache })
      const ids = requests.map((request) => decoder.add(request))
      decoder.step()
      decoder.cancel(ids[2]!)
      decoder.step()
      decoder.dispose()
      prefixCache.clear()
    }
    round()
    const before = tf.memory().numTensors
    round()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe("generation", () => {
  it("takes the most likely token at temperature 0", () => {
    const model = initModel(smallConfig(), 4, 0.3)
    const { tokenIds } = generateSequences(model, [
      { promptTokenIds: [0, 5, 9], seed: 1, maxTokens: 5, temperature: 0, stopTokenIds: [] },
    ])[0]!
    const sequence = [0, 5, 9]
    for (const tokenId of tokenIds) {
      const best = tf.argMax(tf.slice(forward(model, sequence), [sequence.length - 1, 0], [1, -1]), 1).dataSync()[0]
      expect(tokenId).toBe(best)
      sequence.push(tokenId)
    }
  })

  it("ends with the stop token, included, or says that the length ended it", () => {
    const model = initModel(smallConfig(), 4)
    const every = Array.from({ length: 40 }, (_, i) => i)
    const [stopped, cut, full] = generateSequences(model, [
      { promptTokenIds: [0], seed: 1, maxTokens: 5, stopTokenIds: every },
      { promptTokenIds: [0], seed: 1, maxTokens: 5, stopTokenIds: [] },
      { promptTokenIds: prompt(1, 126), seed: 1, maxTokens: 50, stopTokenIds: [] },
    ])
    expect([stopped!.tokenIds.length, stopped!.finishReason]).toEqual([1, "stop"])
    expect([cut!.tokenIds.length, cut!.finishReason]).toEqual([5, "length"])
    expect([full!.tokenIds.length, full!.finishReason]).toEqual([2, "length"])
  })

  it("refuses empty and overlong prompts", () => {
    const model = initModel(smallConfig(), 4)
    expect(() => generateSequences(model, [{ promptTokenIds: [], seed: 1, maxTokens: 5 }])).toThrow(
      "at least one token",
    )
    expect(() => generateSequences(model, [{ promptTokenIds: prompt(1, 128), seed: 1, maxTokens: 5 }])).toThrow(
      "128 positions",
    )
  })

  it("keeps the prefix cache within its bytes, dropping what was used longest ago", () => {
    const config = smallConfig()
    const model = initModel(config, 4)
    const bytes = 2 * 4 * config.layers * 2 * 8 * 20
    const prefixCache = createPrefixCache(config, { maxBytes: 3 * bytes })
    for (let i = 0; i < 6; i++) {
      generateSequences(model, [{ promptTokenIds: prompt(i + 20, 20), seed: 1, maxTokens: 1 }], { prefixCache })
      prefixCache.find([...prompt(20, 20), 5])
    }
    expect(prefixCache.entries).toBe(3)
    expect(prefixCache.bytes).toBe(3 * bytes)
    expect(prefixCache.find([...prompt(20, 20), 5])?.length).toBe(20)
    expect(prefixCache.find([...prompt(25, 20), 5])?.length).toBe(20)
    prefixCache.clear()
    expect(prefixCache.bytes).toBe(0)
  })
})

describe("conversations that begin alike", () => {
  it("give the same text as alone, turn after turn, and hold their beginning once", () => {
    const config = smallConfig({ headSize: 8, maxPositions: 400 })
    const model = initModel(config, 1, 0.3)
    const head = Array.from({ length: 60 }, (_, i) => 2 + ((i * 7) % 38))
    const first = Array.from({ length: 10 }, (_, i) => ({
      promptTokenIds: [...head, ...prompt(i % 4, 3 + (i % 4)), 5],
      seed: `first ${i}`,
      maxTokens: 3 + ((i * 5) % 17),
    }))
    const goOn = ({ promptTokenIds }: { promptTokenIds: readonly number[] }, said: readonly number[], turn: number) =>
      Array.from([...promptTokenIds, ...said, 9, 7 + turn])
    // Copies that the model keeps are made by now.
    generateSequences(model, first)
    const tensors = tf.memory().numTensors
    for (const options of [
      { maxRows: 6, prefixCache: createPrefixCache(config) },
      { maxRows: 3 },
      { prefixCache: createPrefixCache(config, { maxBytes: 30_000 }) },
    ]) {
      const decoder = createDecoder(model, { ...options, stopTokenIds: [] })
      const asked = first.map((request) => ({ ...request, turn: 0 }))
      const byId = new Map(asked.map((request) => [decoder.add(request), request]))
      let turns = 0
      while (decoder.pending > 0) {
        for (const { id, generation } of decoder.step()) {
          const request = byId.get(id)!
          const [alone] = generateSequences(model, [request], { stopTokenIds: [] })
          expect(generation.tokenIds).toEqual(alone!.tokenIds)
          expect(relativeError(generation.logProbabilities, alone!.logProbabilities)).toBeLessThan(1e-4)
          turns++
          if (request.turn === 3) continue
          const next = {
            ...request,
            promptTokenIds: goOn(request, generation.tokenIds, request.turn),
            seed: `${request.seed} on`,
            turn: request.turn + 1,
          }
          byId.set(decoder.add(next), next)
        }
      }
      expect(turns).toBe(40)
      decoder.dispose()
      options.prefixCache?.clear()
      expect(tf.memory().numTensors).toBe(tensors)
    }
  })
})
