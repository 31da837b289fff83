import { spawn } from "node:child_process"
import { readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { contentHash, type Passage } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { letterEmbedder, openFiles } from "../test/letters.ts"
import { analysisVersion } from "./analysis.ts"
import { buildBm25 } from "./bm25.ts"
import { buildOnDisk } from "./disk-build.ts"
import { openOnDisk } from "./disk-index.ts"
import { openIndex } from "./open-index.ts"
import { readSearchOptions } from "./options.ts"
import { isSpace } from "./piece-table.ts"

const world: Passage[] = Array.from({ length: 40 }, (_, i) => ({
  title: `town ${i % 7}`,
  text: `the mayor of town ${i} is kai number ${i % 3} .`,
}))

/** Counts how often it is read. */
function countedCorpus(id = "world", passages: readonly Passage[] = world) {
  const corpus = {
    id,
    reads: 0,
    async *passages() {
      corpus.reads++
      yield* passages
    },
  }
  return corpus
}
const settings = readSearchOptions({ memoryPassages: 10 })

test("white space is what regular expressions take for it", () => {
  for (let code = 0; code < 0x10000; code++) expect(isSpace(code)).toBe(/\s/.test(String.fromCharCode(code)))
})

test("the index on disk gives the very scores, order and passages of the one in memory", async () => {
  const words = fc.constantFrom(
    "oslo",
    "mayor",
    "Mayors",
    "the",
    "Who",
    "(of",
    "2014–15",
    "1,000",
    "zürich",
    "東京",
    "don't",
    ".",
    "x".repeat(60),
  )
  const gap = fc.constantFrom(" ", "  ", "\n", "\u00a0", "\u2003")
  const text = fc.oneof(
    fc.array(fc.tuple(words, gap), { maxLength: 12 }).map((pairs) => pairs.flat().join("")),
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom("The Who", "Us (oslo)", "us"),
  )
  const passages = fc.array(fc.record({ title: text, text }), { maxLength: 25 })
  const bm25 = fc.record({
    k1: fc.constantFrom(0, 0.9, 1.2),
    b: fc.constantFrom(0, 0.75, 1),
    titleWeight: fc.constantFrom(0, 0.1, 1, 2),
  })
  await fc.assert(
    fc.asyncProperty(passages, text, bm25, fc.integer({ min: 1, max: 30 }), async (corpus, query, chosen, count) => {
      const folder = temporaryFolder()
      // A budget of three postings: many rounds.
      const facts = await buildOnDisk(folder, corpus, { titleWeight: chosen.titleWeight, budget: 3 })
      const index = openOnDisk(folder, facts, chosen)
      expect(index.search(query, count)).toEqual(buildBm25(corpus, chosen).search(query, count))
      await index.close?.()
    }),
    { numRuns: 30 },
  )
})

test("passages of several blocks keep corpus order where scores are equal", async () => {
  const folder = temporaryFolder()
  const corpus = Array.from({ length: 70_000 }, (_, i) => ({ title: "", text: i % 1000 === 0 ? "oslo" : "bergen" }))
  const index = openOnDisk(folder, await buildOnDisk(folder, corpus, { titleWeight: 2 }), settings)
  const found = await index.search("oslo", 60)
  expect(found.map((passage) => passage.index)).toEqual(Array.from({ length: 60 }, (_, i) => 1000 * i))
  await index.close?.()
})

describe("a corpus beyond memoryPassages", () => {
  test("is indexed once, read once, and found again by the next", async () => {
    const host = testHost()
    const corpus = countedCorpus()
    const first = await openIndex(corpus, settings, { host })
    expect(first.description).toContain("on disk")
    const second = await openIndex(corpus, settings, { host })
    expect(corpus.reads).toBe(1)
    expect(await second.search("mayor town 5", 3)).toEqual(await first.search("mayor town 5", 3))
    expect(await second.search("mayor town 5", 3)).toEqual(buildBm25(world, settings).search("mayor town 5", 3))
    expect(await readdir(join(host.cacheDirectory, "indexes"))).toHaveLength(1)
    await openIndex(countedCorpus("other"), settings, { host })
    await openIndex(corpus, readSearchOptions({ memoryPassages: 10, titleWeight: 3 }), { host })
    expect(await readdir(join(host.cacheDirectory, "indexes"))).toHaveLength(3)
  })

  test("remembers what its corpus left out, and needs no such note", async () => {
    const skipped = { count: 7, lines: ["line 2: not JSON"] }
    let read = 0
    const noted = (id: string) => ({
      ...countedCorpus(id),
      skipped: () => (read++ === 0 ? skipped : { count: 0, lines: [] }),
    })
    const host = testHost()
    expect((await openIndex(noted("a"), settings, { host })).skipped).toEqual(skipped)
    expect((await openIndex(noted("a"), settings, { host })).skipped).toEqual(skipped)
    read = 0
    expect((await openIndex(noted("b"), settings)).skipped).toEqual(skipped)
    expect((await openIndex(countedCorpus("c"), settings, { host })).skipped).toBeUndefined()
    expect((await openIndex(countedCorpus("c"), settings, { host })).skipped).toBeUndefined()
    expect(host.lines).toEqual([])
  })

  test("stays in memory where there is no host, or where it is small", async () => {
    const host = testHost()
    expect((await openIndex(countedCorpus(), settings)).description).toContain("in memory")
    expect((await openIndex(countedCorpus(), readSearchOptions({}), { host })).description).toContain("in memory")
    expect(await readdir(host.cacheDirectory)).toEqual([])
  })

  const damages: [string, (folder: string) => Promise<void>][] = [
    ["a file cut short", (folder) => truncate(join(folder, "postings.u32"), 8)],
    ["a file that is missing", (folder) => rm(join(folder, "terms.txt"))],
    [
      "a changed byte",
      async (folder) => {
        const path = join(folder, "frequencies.bin")
        const bytes = await readFile(path)
        bytes[3]! ^= 1
        await writeFile(path, bytes)
      },
    ],
    ["half a manifest", (folder) => truncate(join(folder, "manifest.json"), 60)],
    ["no manifest", (folder) => rm(join(folder, "manifest.json"))],
    [
      "a manifest that was edited",
      async (folder) => {
        const path = join(folder, "manifest.json")
        await writeFile(path, (await readFile(path, "utf8")).replace('"passages": 40', '"passages": 39'))
      },
    ],
    [
      "another version",
      async (folder) => {
        const path = join(folder, "manifest.json")
        await writeFile(path, (await readFile(path, "utf8")).replace("swirl.index/1", "swirl.index/0"))
      },
    ],
  ]
  test.each(damages)("is built anew after %s", async (_what, damage) => {
    const host = testHost()
    const corpus = countedCorpus()
    const before = await (await openIndex(corpus, settings, { host })).search("kai town 3", 5)
    const [name] = await readdir(join(host.cacheDirectory, "indexes"))
    await damage(join(host.cacheDirectory, "indexes", name!))
    expect(await (await openIndex(corpus, settings, { host })).search("kai town 3", 5)).toEqual(before)
    expect(host.lines.join()).toMatch(/cannot be used: .*built anew/)
    expect(corpus.reads).toBe(2)
    await openIndex(corpus, settings, { host })
    expect(corpus.reads).toBe(2)
  })

  test("of an older analysis is named, with what to do, and built anew beside it", async () => {
    const host = testHost()
    const indexes = join(host.cacheDirectory, "indexes")
    await openIndex(countedCorpus(), settings, { host })
    const [name] = await readdir(indexes)
    const older = `${name!.slice(0, -4)}-old`
    await rename(join(indexes, name!), join(indexes, older))
    const path = join(indexes, older, "manifest.json")
    const { check: _, ...content } = JSON.parse(await readFile(path, "utf8"))
    content.made.analysis = analysisVersion - 1
    await writeFile(path, JSON.stringify({ ...content, check: contentHash(content) }))
    await openIndex(countedCorpus("others"), settings, { host })
    expect(host.lines).toEqual([])
    await openIndex(countedCorpus(), settings, { host })
    expect(host.lines).toEqual([
      `The search index ${join(indexes, older)} is not used: texts are taken apart otherwise now (analysis ${analysisVersion}, not ${analysisVersion - 1}). The passages are indexed anew; delete the old index where no older swirl uses it.`,
    ])
    await openIndex(countedCorpus(), settings, { host })
    expect(host.lines).toHaveLength(1)
    expect((await readdir(indexes)).filter((each) => each.startsWith("world"))).toHaveLength(2)
  })

  test("leaves nothing half-written when its passages end in an error or the caller gives up", async () => {
    const host = testHost()
    const broken = {
      id: "broken",
      async *passages() {
        yield* world
        throw new Error("disk gone")
      },
    }
    await expect(openIndex(broken, settings, { host })).rejects.toThrow("disk gone")
    const many = countedCorpus("many", Array(5000).fill(world[0]))
    const abortSignal = AbortSignal.abort(new Error("stopped"))
    await expect(openIndex(many, settings, { host, abortSignal })).rejects.toThrow("stopped")
    expect(await readdir(join(host.cacheDirectory, "indexes"))).toEqual([])
  })

  test.skipIf(process.platform !== "linux")("leaves no file open when its vectors cannot be had", async () => {
    const host = testHost()
    const down = { ...letterEmbedder(), embed: () => Promise.reject(new Error("server down")) }
    const hybrid = readSearchOptions({ memoryPassages: 10, retriever: "bm25", mode: "hybrid", embedder: "x:y" })
    const opened = openIndex(countedCorpus(), hybrid, { host, openEmbedder: async () => down })
    await expect(opened).rejects.toThrow("server down")
    expect(openFiles(host.cacheDirectory)).toEqual([])
  })

  test("ends the reading of its passages when the caller gives up, or another process has built it", async () => {
    const host = testHost()
    const abort = new AbortController()
    const read: string[] = []
    const watched = (id: string, onStart: () => unknown) => ({
      id,
      async *passages() {
        try {
          await onStart()
          for (let i = 0; i < 5000; i++) yield world[i % 40]!
        } finally {
          read.push(id)
        }
      },
    })
    const corpus = watched("aborted", () => void setImmediate(() => abort.abort(new Error("stopped"))))
    await expect(openIndex(corpus, readSearchOptions({}), { host, abortSignal: abort.signal })).rejects.toThrow(
      "stopped",
    )
    await openIndex(
      watched("built", () => openIndex(countedCorpus("built"), settings, { host })),
      settings,
      { host },
    )
    expect(read).toEqual(["aborted", "built"])
  })

  test("is built by one process while others wait, and taken over from a builder that died", async () => {
    const host = testHost()
    await openIndex(countedCorpus(), settings, { host })
    const indexes = join(host.cacheDirectory, "indexes")
    const [name] = await readdir(indexes)
    await rm(join(indexes, name!), { recursive: true })
    const child = spawn("sleep", ["30"])
    const dead = spawn("true")
    await new Promise((resolve) => dead.on("exit", resolve))
    const lock = (pid: number) => JSON.stringify({ host: hostname(), pid, token: "t" })
    await writeFile(join(indexes, `${name}.lock`), lock(child.pid!))
    await writeFile(join(indexes, `${name}.building-${dead.pid}-x`), "left over")
    let done = false
    const opened = openIndex(countedCorpus(), settings, { host }).then((index) => {
      done = true
      return index
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(done).toBe(false)
    expect(host.lines.join()).toContain(`Process ${child.pid} is building`)
    child.kill("SIGKILL")
    expect((await opened).size).toBe(40)
    expect(await readdir(indexes)).toEqual([name])
  })

  test("is built once by callers that come at the same time", async () => {
    const host = testHost()
    const corpora = [countedCorpus(), countedCorpus(), countedCorpus()]
    const builds = await Promise.all(corpora.map((corpus) => openIndex(corpus, settings, { host })))
    expect(builds.map((index) => index.size)).toEqual([40, 40, 40])
    expect(await readdir(join(host.cacheDirectory, "indexes"))).toHaveLength(1)
  })
})
