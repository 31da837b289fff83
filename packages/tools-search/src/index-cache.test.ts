import { callTool, type Embedder, type Host, type ToolServices } from "@swirl-ts/core"
import { testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { letterEmbedder, openFiles } from "../test/letters.ts"
import { searchTool } from "./tool.ts"

const call = { toolCallId: "1", messages: [] }
const corpus = (id: string) => ({ id, passages: () => [{ title: `town ${id}`, text: "the mayor is kai ." }] })
/** Every index on disk, with `capacity` of them open: three files each. */
const onDisk = (capacity: number, embedder?: Embedder) => {
  const tool = searchTool(
    { memoryPassages: 0, retriever: "bm25", ...(embedder ? { mode: "hybrid", embedder: "x:y" } : {}) },
    capacity,
  )
  return (host: Host, id: string) =>
    tool.bind({ corpus: corpus(id), options: {}, host, ...(embedder ? { openEmbedder: async () => embedder } : {}) })
}
const answer = (id: string) => ({ text: `town ${id}: the mayor is kai .`, isError: false })

test.skipIf(process.platform !== "linux")("indexes beyond the capacity are closed", async () => {
  const host = testHost()
  const bind = onDisk(2)
  for (let i = 0; i < 10; i++) await bind(host, `${i}`)
  expect(openFiles(host.cacheDirectory)).toHaveLength(6)
})

test("a tool whose index was closed meanwhile searches it again, alone or with others at the same time", async () => {
  const host = testHost()
  const bind = onDisk(1)
  const ids = ["a", "b", "c"]
  const tools = await Promise.all(ids.map((id) => bind(host, id)))
  for (let round = 0; round < 3; round++) {
    const found = await Promise.all(tools.map((tool) => callTool(tool, { query: "mayor" }, call)))
    expect(found).toEqual(ids.map(answer))
  }
  if (process.platform === "linux") expect(openFiles(host.cacheDirectory)).toHaveLength(3)
})

test("an index is not closed while it is searched", async () => {
  const host = testHost()
  let asked = () => {}
  let go = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const mayGo = new Promise<void>((resolve) => {
    go = resolve
  })
  const letters = letterEmbedder()
  const slow: Embedder = {
    ...letters,
    async embed(texts, options) {
      if (options.kind === "query") {
        asked()
        await mayGo
      }
      return letters.embed(texts, options)
    },
  }
  const bind = onDisk(1, slow)
  const searched = callTool(await bind(host, "a"), { query: "mayor" }, call)
  await isAsked
  await bind(host, "b")
  go()
  expect(await searched).toEqual(answer("a"))
  if (process.platform === "linux") expect(openFiles(host.cacheDirectory)).toHaveLength(3)
})

test("the building of an index stops when its trajectory is given up; another one that waits for it begins again", async () => {
  const host = testHost()
  let read = 0
  const passages = Array.from({ length: 300_000 }, (_, i) => ({ title: "town", text: `kai ${i % 100}` }))
  const large = {
    id: "large",
    *passages() {
      for (const passage of passages) {
        read++
        yield passage
      }
    },
  }
  const tool = searchTool({ memoryPassages: 10 })
  const bind = (more: object) => tool.bind({ corpus: large, options: {}, host, ...more })
  const abort = new AbortController()
  const first = bind({ abortSignal: abort.signal })
  setTimeout(() => abort.abort(new Error("enough")), 50)
  await expect(first).rejects.toThrow("enough")
  expect(read).toBeLessThan(passages.length)

  const again = new AbortController()
  passages.length = 20_000
  const given = bind({ abortSignal: again.signal })
  const waiting = bind({})
  again.abort(new Error("enough"))
  await expect(given).rejects.toThrow("enough")
  expect(await callTool(await waiting, { query: "kai 7" }, call)).toEqual({ text: "town: kai 7", isError: false })
})

test("an index in memory that was forgotten stays with its tool, and is not built again", async () => {
  let reads = 0
  const tool = searchTool({ mode: "hybrid", embedder: "x:y" }, 1)
  const bind = (id: string) =>
    tool.bind({
      corpus: {
        id,
        passages: () => {
          reads++
          return corpus(id).passages()
        },
      },
      options: {},
      openEmbedder: async () => letterEmbedder(),
    })
  const [a, b] = [await bind("a"), await bind("b")]
  const before = reads
  expect(await callTool(a, { query: "mayor" }, call)).toEqual(answer("a"))
  expect(await callTool(b, { query: "mayor" }, call)).toEqual(answer("b"))
  expect(reads).toBe(before)
})

test("an index with vectors asks the embedder of who holds it, not one that was closed with a command before", async () => {
  const tool = searchTool({ mode: "hybrid", embedder: "x:y" })
  const bindIn = async (services: { close(): Promise<void> } & Partial<ToolServices>) => {
    const bound = await tool.bind({ corpus: corpus("a"), options: {}, ...services })
    return callTool(bound, { query: "mayor" }, call)
  }
  const command = () => {
    const embedder = letterEmbedder()
    let open = true
    return {
      openEmbedder: async () => ({
        ...embedder,
        embed: async (...request: Parameters<Embedder["embed"]>) => {
          if (!open) throw new Error("the embedder is closed")
          return embedder.embed(...request)
        },
      }),
      openRetriever: async () => expect.unreachable(),
      close: async () => {
        open = false
      },
    }
  }
  const first = command()
  expect(await bindIn(first)).toEqual(answer("a"))
  await first.close()
  expect(await bindIn(command())).toEqual(answer("a"))
})
