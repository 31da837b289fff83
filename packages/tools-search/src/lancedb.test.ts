import { existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { testHost } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { letterCorpus, letterEmbedder, letterWorld } from "../test/letters.ts"
import { buildLance, openLance } from "./lancedb.ts"
import { importLancedb } from "./lancedb-peer.ts"
import { openIndex } from "./open-index.ts"
import { readSearchOptions, type SearchOptions } from "./options.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const makeHost = () => testHost({ workingDirectory: root })

const there = existsSync(join(root, ".swirl", "peers", "lancedb", "node_modules", "@lancedb"))
describe("LanceDB", () => {
  test("that is not installed is an error with the command", async () => {
    const host = testHost({ environment: { SWIRL_PEERS: "/nowhere" } })
    await expect(openIndex(letterCorpus, readSearchOptions({ retriever: "lancedb" }), { host })).rejects.toThrow(
      /npm i --prefix \/nowhere\/lancedb @lancedb\/lancedb@/,
    )
  })

  test.skipIf(!there)(
    "ranks words, vectors and both, and is found again (skipped where the peer is absent)",
    async () => {
      const host = makeHost()
      const embedder = letterEmbedder()
      const open = (options: SearchOptions) =>
        openIndex(letterCorpus, readSearchOptions({ retriever: "lancedb", embedder: "x:y", ...options }), {
          host,
          openEmbedder: async () => embedder,
        })
      const text = await open({})
      expect((await text.search("capital", 3)).map(({ title, index }) => [title, index])).toEqual([["Oslo", 0]])
      expect(await text.search("nothing here", 3)).toEqual([])
      const vector = await open({ mode: "vector" })
      const exact = await openIndex(letterCorpus, readSearchOptions({ mode: "vector", embedder: "x:y" }), {
        openEmbedder: async () => embedder,
      })
      const [found, expected] = [await vector.search("Oslo capital", 4), await exact.search("Oslo capital", 4)]
      expect(found.map(({ index }) => index)).toEqual(expected.map(({ index }) => index))
      found.forEach(({ score }, i) => {
        expect(score).toBeCloseTo(expected[i]!.score, 5)
      })
      const asked = embedder.texts.length
      const hybrid = await open({ mode: "hybrid" })
      expect((await hybrid.search("Oslo capital", 2)).map(({ title }) => title)).toEqual(["Oslo", "Loso"])
      expect(embedder.texts.length).toBe(asked + 4 + 1)
      await (await open({ mode: "hybrid" })).search("sea", 1)
      expect(embedder.texts.length).toBe(asked + 4 + 2)
    },
  )
})

describe.skipIf(!there)("LanceDB alone (skipped where the peer is absent)", () => {
  test.each(["text", "vector", "hybrid"] as const)(
    "answers with whole passages and what the corpus left out, and no other index is built: %s",
    async (mode) => {
      const host = makeHost()
      const skipped = { count: 2, lines: ["line 3: not JSON"] }
      const odd = [...letterWorld, { title: "", text: "sea" }, { title: "Sea: of 'sea'", text: "" }]
      const noted = { id: `odd-${mode}`, passages: () => odd, skipped: () => skipped }
      const open = () =>
        openIndex(noted, readSearchOptions({ retriever: "lancedb", mode, embedder: "x:y" }), {
          host,
          openEmbedder: async () => letterEmbedder(),
        })
      const built = await open()
      const found = await built.search("sea", 4)
      expect(found.map(({ title }) => title)).toEqual(expect.arrayContaining(["", "Sea: of 'sea'", "Bergen"]))
      for (const { index, title, text } of found) expect({ title, text }).toEqual(odd[index])
      await built.close?.()
      noted.skipped = () => ({ count: 0, lines: [] })
      const stored = await open()
      expect([stored.size, stored.skipped]).toEqual([odd.length, skipped])
      expect(await stored.search("sea", 4)).toEqual(found)
      expect(await readdir(join(host.cacheDirectory, "indexes"))).toEqual([
        expect.stringMatching(new RegExp(`^odd-${mode}-lancedb-`)),
      ])
    },
  )
})

test.skipIf(!there)(
  "a table of another size than was built says both sizes (skipped where the peer is absent)",
  async () => {
    const host = makeHost()
    const lance = await importLancedb(host)
    const facts = await buildLance(lance, host.cacheDirectory, letterCorpus, { text: true })
    await expect(openLance(lance, host.cacheDirectory, { ...facts, passages: 9 })).rejects.toThrow(
      "its table has 4 rows, not 9",
    )
  },
)

test.skipIf(!there)(
  "LanceDB holds the vectors of corpora beyond memoryPassages, beside our own words (skipped where the peer is absent)",
  async () => {
    const host = makeHost()
    const options: SearchOptions = { mode: "vector", embedder: "x:y", memoryPassages: 2 }
    const index = await openIndex(letterCorpus, readSearchOptions(options), {
      host,
      openEmbedder: async () => letterEmbedder(),
    })
    expect(index.description).toContain("LanceDB")
    const [first] = await index.search("zzz", 1)
    expect(first).toMatchObject({ index: 3, ...letterWorld[3] })
    const kinds = (await readdir(join(host.cacheDirectory, "indexes"))).map((name) => name.split("-").at(-2))
    expect(kinds.sort()).toEqual(["bm25", "lancedb"])
  },
)
