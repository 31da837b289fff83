import { expect, test, vi } from "vitest"
import type { Corpus } from "../contracts/corpus.ts"
import type { RetrieverContext } from "../contracts/retriever.ts"
import { createRegistry } from "./create-registry.ts"
import { definePlugin } from "./plugin.ts"
import { toolServices } from "./tool-services.ts"

const corpus = (id: string): Corpus => ({ id, passages: () => [] })

/** A plugin whose retriever and embedder remember what was opened and closed, and services over it. */
function house() {
  const open = new Set<string>()
  const opened: string[] = []
  const begin = (what: string) => {
    opened.push(what)
    open.add(what)
    return async () => {
      await new Promise((resolve) => setTimeout(resolve, what.startsWith("embedder") ? 0 : 20))
      open.delete(what)
    }
  }
  const lines: string[] = []
  const plugin = definePlugin({
    meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
    retrievers: {
      shelf: {
        description: "",
        async open({ id }, { openEmbedder, options, abortSignal }: RetrieverContext = {}) {
          abortSignal?.throwIfAborted()
          if (id === "broken") throw new Error("cannot be read")
          const embedder = await openEmbedder!("letters:small")
          const close = begin(`${id} ${JSON.stringify(options ?? {})}`)
          return {
            size: 1,
            async search(query: string) {
              await embedder.embed([query], { kind: "query" })
              return [{ title: id, text: "", index: 0, score: 1 }]
            },
            close,
          }
        },
      },
    },
    embedders: {
      letters: {
        description: "",
        async open(reference) {
          const end = begin(`embedder ${reference}`)
          const close = async () => {
            if (reference === "stuck") throw new Error("it is stuck")
            await end()
          }
          return { identity: reference, dimensions: 1, embed: async () => [new Float32Array([1])], close }
        },
      },
    },
  })
  const host = {
    cacheDirectory: "/",
    workingDirectory: "/",
    environment: {},
    log: (line: string) => void lines.push(line),
  }
  return { services: toolServices(createRegistry([plugin]), host), open, opened, lines }
}

test("equal requests share an index and an embedder, by either name of the retriever; other options, other index", async () => {
  const { services, opened } = house()
  const [first, second] = await Promise.all([
    services.openRetriever("shelf", corpus("a")),
    services.openRetriever("mine/shelf", corpus("a")),
  ])
  expect(second).toBe(first)
  expect((await first!.search("x", 1)).map(({ title }) => title)).toEqual(["a"])
  await services.openRetriever("shelf", corpus("b"))
  await services.openRetriever("shelf", corpus("a"), { options: { deep: true } })
  expect(opened).toEqual(["embedder small", "a {}", "b {}", 'a {"deep":true}'])
})

test("closing closes every index and embedder that was opened, and nothing is opened after it", async () => {
  const { services, open, opened } = house()
  const index = await services.openRetriever("shelf", corpus("a"))
  await services.openRetriever("shelf", corpus("b"))
  await services.openEmbedder("letters:large")
  await expect(services.openRetriever("shelf", corpus("broken"))).rejects.toThrow("cannot be read")
  expect(open.size).toBe(4)
  await services.close()
  expect([...open]).toEqual([])
  await expect(index.search("x", 1)).rejects.toThrow("closed with the command")
  await expect(services.openRetriever("shelf", corpus("c"))).rejects.toThrow("closed with the command")
  await expect(services.openEmbedder("letters:large")).rejects.toThrow("closed with the command")
  await services.close()
  expect(opened).toHaveLength(4)
})

test("what cannot be closed is said, and keeps nothing else open", async () => {
  const { services, open, lines } = house()
  await services.openEmbedder("letters:stuck")
  await services.openEmbedder("letters:large")
  await services.close()
  expect([...open]).toEqual(["embedder stuck"])
  expect(lines).toEqual(["The embedder letters:stuck could not be closed: it is stuck"])
})

test("many small corpora keep a bounded number of indexes open, and each is there when it is searched", async () => {
  const { services, open } = house()
  const indexes = []
  for (let i = 0; i < 300; i++) indexes.push(await services.openRetriever("shelf", corpus(`${i}`)))
  await vi.waitFor(() => expect(open.size).toBe(257))
  expect((await indexes[0]!.search("x", 1)).map(({ title }) => title)).toEqual(["0"])
  await vi.waitFor(() => expect(open.size).toBe(257))
  await services.close()
  expect(open.size).toBe(0)
})

test("an index that was given up while it was opened is opened again for who still waits", async () => {
  const { services } = house()
  const stop = new AbortController()
  stop.abort(new Error("enough"))
  const given = services.openRetriever("shelf", corpus("a"), { abortSignal: stop.signal })
  const waiting = services.openRetriever("shelf", corpus("a"))
  await expect(given).rejects.toThrow("enough")
  expect((await waiting).size).toBe(1)
})
