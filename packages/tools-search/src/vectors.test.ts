import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { callTool, type Embedder, type Passage } from "@swirl-ts/core"
import { testHost } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { letterCorpus, letterEmbedder } from "../test/letters.ts"
import { exactVectors } from "./exact-vectors.ts"
import { fuse } from "./fusion.ts"
import { openIndex } from "./open-index.ts"
import { readSearchOptions, type SearchOptions } from "./options.ts"
import { searchTool } from "./tool.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const makeHost = () => testHost({ workingDirectory: root })

describe("exact vectors", () => {
  test("rank by dot product, equal ones in corpus order", () => {
    const value = fc.integer({ min: -3, max: 3 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { maxLength: 30 }),
        fc.tuple(value, value),
        fc.integer({ min: 1, max: 40 }),
        (vectors, query, count) => {
          const found = exactVectors(Float32Array.from(vectors.flat()), 2).nearest(Float32Array.from(query), count)
          const expected = vectors
            .map(([x, y], index) => ({ index, score: x * query[0] + y * query[1] }))
            .sort((a, b) => b.score - a.score || a.index - b.index)
            .slice(0, count)
          expect(found).toEqual(expected.map(({ index, score }) => ({ index, score: score + 0 })))
        },
      ),
    )
  })
})

describe("fusion", () => {
  test("adds weight over constant plus rank, equal sums in corpus order", () => {
    const hits = (...indexes: number[]) => indexes.map((index) => ({ index, score: 1 }))
    const fused = fuse(
      [
        { hits: hits(7, 3), weight: 1 },
        { hits: hits(3, 5, 7), weight: 2 },
      ],
      9,
      60,
    )
    expect(fused).toEqual([
      { index: 3, score: expect.closeTo(1 / 62 + 2 / 61, 12) },
      { index: 7, score: expect.closeTo(1 / 61 + 2 / 63, 12) },
      { index: 5, score: expect.closeTo(2 / 62, 12) },
    ])
    expect(
      fuse(
        [
          { hits: hits(9), weight: 1 },
          { hits: hits(2), weight: 1 },
        ],
        1,
        60,
      ),
    ).toMatchObject([{ index: 2 }])
    expect(
      fuse(
        [
          { hits: hits(9), weight: 0 },
          { hits: hits(2), weight: 1 },
        ],
        5,
        60,
      ),
    ).toHaveLength(1)
  })
})

describe.each(["auto", "bm25"])("vectors and hybrid by retriever %s", (retriever) => {
  const open = (options: SearchOptions, embedder: Embedder, host?: ReturnType<typeof makeHost>) =>
    openIndex(letterCorpus, readSearchOptions({ retriever, embedder: "x:y", ...options }), {
      openEmbedder: async () => embedder,
      ...(host ? { host } : {}),
    })

  test("find what has no word in common; hybrid joins both", async () => {
    const embedder = letterEmbedder()
    const vector = await open({ mode: "vector" }, embedder)
    expect((await vector.search("Oslo capital", 2)).map(({ title }) => title)).toEqual(["Oslo", "Loso"])
    const text = await open({ mode: "text" }, embedder)
    expect((await text.search("Oslo capital", 2)).map(({ title }) => title)).toEqual(["Oslo"])
    const hybrid = await open({ mode: "hybrid" }, embedder)
    const found = await hybrid.search("Oslo capital", 2)
    expect(found.map(({ title }) => title)).toEqual(["Oslo", "Loso"])
    expect(found[0]!.score).toBeCloseTo(2 / 61, 12)
    const weighted = await open({ mode: "hybrid", textWeight: 0 }, embedder)
    expect((await weighted.search("zebra zzz", 4)).map(({ title }) => title)).toEqual(
      (await vector.search("zebra zzz", 4)).map(({ title }) => title),
    )
  })

  test("are embedded once, and refused from an embedder that changed its size", async () => {
    const host = makeHost()
    const embedder = letterEmbedder()
    await open({ mode: "vector" }, embedder, host)
    expect(embedder.texts).toHaveLength(4)
    const again = await open({ mode: "hybrid" }, embedder, host)
    expect(embedder.texts).toHaveLength(4)
    expect((await again.search("sea town", 1))[0]!.title).toBe("Bergen")
    await expect(open({ mode: "vector" }, letterEmbedder(20), host)).rejects.toThrow(
      /letters gives vectors of 26 numbers where 20|letters gives vectors of 20 numbers where 26/,
    )
    const lying: Embedder = { ...letterEmbedder(), identity: "lying", dimensions: 7 }
    await expect(open({ mode: "vector" }, lying, host)).rejects.toThrow(/lying gives vectors of 26 numbers where 7/)
    const mute: Embedder = { identity: "mute", dimensions: 7, embed: async () => [] }
    await expect(open({ mode: "vector" }, mute, host)).rejects.toThrow(/0 vectors for 4 texts/)
    expect(await readdir(join(host.cacheDirectory, "indexes"))).toHaveLength(1)
  })
})

test("vectors without an embedder, or without anything to open it, are errors that say so", async () => {
  await expect(openIndex(letterCorpus, readSearchOptions({ mode: "hybrid" }))).rejects.toThrow(
    /needs an embedder; name one/,
  )
  await expect(openIndex(letterCorpus, readSearchOptions({ mode: "vector", embedder: "x:y" }))).rejects.toThrow(
    /can open.*x:y/,
  )
})

describe("the tool", () => {
  const call = { toolCallId: "1", messages: [] }
  const towns: Passage[] = [1, 2, 3].map((i) => ({ title: `town ${i}`, text: `mayor ${"kai ".repeat(i)}of the town` }))
  const bind = (options: SearchOptions, more: object = {}) =>
    searchTool().bind({ corpus: { id: "towns", passages: () => towns }, options, ...more })

  test("skips what this conversation has seen, and says when nothing is left", async () => {
    const tool = await bind({ seen: "skip", count: 2 })
    const ask = () => callTool(tool, { query: "mayor kai" }, call)
    const { text: first } = await ask()
    expect(first.split("\n")).toHaveLength(2)
    const { text: second } = await ask()
    expect(second.split("\n")).toHaveLength(1)
    expect([...first.matchAll(/town \d/g), ...second.matchAll(/town \d/g)].map(String).sort()).toEqual([
      "town 1",
      "town 2",
      "town 3",
    ])
    expect(await ask()).toEqual({
      text: 'Every passage that matches "mayor kai" was shown before; search for something else, or answer.',
      isError: false,
      nothingFound: true,
    })
    expect(await (await callTool(await bind({ seen: "skip", count: 2 }), { query: "mayor kai" }, call)).text).toBe(
      first,
    )
  })

  test("cuts long texts between words, titles never", async () => {
    const tool = await bind({ maxCharacters: 12 })
    expect((await callTool(tool, { query: "town 3" }, call)).text).toBe("town 3: mayor kai…")
    expect((await callTool(await bind({ maxCharacters: 400 }), { query: "town 1" }, call)).text).not.toContain("…")
  })

  test("opens the retriever of another plugin by its name, and embedders through its context", async () => {
    const named: string[] = []
    const index = { size: 1, search: () => [{ title: "t", text: "from elsewhere", index: 0, score: 1 }] }
    const openRetriever = async (name: string) => {
      named.push(name)
      return index
    }
    const foreign = await bind({ retriever: "mine" }, { openRetriever })
    expect((await callTool(foreign, { query: "x1" }, call)).text).toBe("t: from elsewhere")
    expect(named).toEqual(["mine"])
    await expect(bind({ retriever: "mine" })).rejects.toThrow(/can open the retriever mine/)
    const near = await bind({ mode: "vector", embedder: "x:y" }, { openEmbedder: async () => letterEmbedder() })
    expect((await callTool(near, { query: "the" }, call)).text).toMatch(/^town/)
  })
})
