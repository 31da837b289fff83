import { type Corpus, callTool, createRegistry, type Passage, readToolOutput } from "@swirl-ts/core"
import { describe, expect, test } from "vitest"
import search, { searchTool } from "./index.ts"

const call = { toolCallId: "1", messages: [] }
let made = 0
const corpusOf = (passages: Passage[], id = `test-${made++}`): Corpus => ({ id, passages: () => passages })
const ask = async (passages: Passage[], query: unknown, options: Record<string, unknown> = {}) =>
  callTool(await searchTool().bind({ corpus: corpusOf(passages), options }), { query }, call)

const world: Passage[] = [
  { title: "mira", text: "the mayor of mira is oslo ." },
  { title: "acme", text: "the capital of acme is oslo ." },
  { title: "oslo", text: "the capital of oslo is acme ." },
  { title: "oslo", text: "the mayor of oslo is kai ." },
  { title: "kai", text: "the mayor of kai is oslo ." },
]

describe("a search", () => {
  test("finds the fact whose subject is named, not one that mentions it", async () => {
    for (const query of ["oslo mayor", "mayor of oslo", "who is the mayor of oslo ?"]) {
      expect(await ask(world, query, { format: "text" })).toEqual({
        text: "the mayor of oslo is kai .",
        isError: false,
      })
    }
  })

  test("finds every fact of a sandbox world of pseudo-names", async () => {
    const names = Array.from(
      { length: 20 },
      (_, i) => `na${"bcdfghjklm"[i % 10]}o${"pqrst"[i % 5]}${i < 10 ? "a" : "i"}`,
    )
    const relations = ["mayor", "capital", "twin", "founder", "rival"]
    const facts = names.flatMap((subject, i) =>
      relations.map((relation, j) => ({
        title: subject,
        text: `the ${relation} of ${subject} is ${names[(i * 7 + j * 3 + 1) % names.length]} .`,
        query: `${subject} ${relation}`,
      })),
    )
    const tool = await searchTool().bind({ corpus: corpusOf(facts), options: { format: "text" } })
    for (const fact of facts) expect((await callTool(tool, { query: fact.query }, call)).text).toBe(fact.text)
  })

  test("shows title and text, or several passages numbered", async () => {
    expect((await ask(world, "oslo mayor")).text).toBe("oslo: the mayor of oslo is kai .")
    expect((await ask(world, "oslo mayor", { count: 2, format: "text" })).text).toBe(
      "[1] the mayor of oslo is kai .\n[2] the mayor of mira is oslo .",
    )
    expect((await ask([{ title: "", text: "only text" }], "text")).text).toBe("only text")
  })

  test("takes equal passages in corpus order", async () => {
    const twins = ["first", "second", "third"].map((title) => ({ title, text: "a zebra" }))
    expect((await ask(twins, "zebra", { count: 2, titleWeight: 0 })).text).toBe(
      "[1] first: a zebra\n[2] second: a zebra",
    )
  })

  test("says in words, and in a field, that nothing matches", async () => {
    const none = { isError: false, nothingFound: true }
    expect(await ask(world, "xylophone")).toEqual({ ...none, text: 'No passage matches "xylophone".' })
    expect(await ask([], "oslo")).toEqual({ ...none, text: 'No passage matches "oslo".' })
  })

  test("finds names of stop words alone, by title or in the text, with a disambiguation and without", async () => {
    const band = {
      title: "Brass band",
      text: "A brass band is what it is: you and us, with or without the drums, who knows.",
    }
    const named = ["The Who", "Us", "It (novel)", "With or Without You"].map((title) => ({ title, text: `${title}.` }))
    const films = ["Them", "Her", "Us"].map((title) => ({ title: `${title} (2019 film)`, text: "A film of 2019." }))
    const passages = [band, ...films, ...named, { title: "", text: "Hamlet: to be, or not to be" }]
    const first = async (query: string) => (await ask(passages, query)).text
    for (const { title, text } of named) expect(await first(title)).toBe(`${title}: ${text}`)
    for (const { title, text } of films) expect(await first(title)).toBe(`${title}: ${text}`)
    expect(await first("it")).toBe("It (novel): It (novel).")
    expect(await first("“with or without you”")).toBe("With or Without You: With or Without You.")
    expect(await first("To be or not to be")).toBe("Hamlet: to be, or not to be")
    expect(await first("drums of the who")).toMatch(/^Brass band/)
  })

  test("says in words that a query cannot be used", async () => {
    expect((await ask(world, " \n ")).text).toBe("error: the query is empty; write what to look for")
    expect((await ask(world, "?!")).text).toContain("no word to search for")
    expect(await ask(world, "x".repeat(1001))).toEqual({
      text: "error: invalid input: query: the query is longer than 1000 characters; search for a few words",
      isError: true,
    })
    expect((await ask(world, "x".repeat(1000))).isError).toBe(false)
    expect((await ask(world, 3)).isError).toBe(true)
  })

  test("answers a repeated query the same way, or refuses it where that is asked for", async () => {
    const corpus = corpusOf(world)
    const tool = searchTool()
    const allowing = await tool.bind({ corpus, options: {} })
    const first = await callTool(allowing, { query: "oslo mayor" }, call)
    expect(await callTool(allowing, { query: "oslo mayor" }, call)).toEqual(first)

    const refusing = await tool.bind({ corpus, options: { repeats: "refuse" } })
    expect(await callTool(refusing, { query: "oslo mayor" }, call)).toEqual(first)
    expect(await callTool(refusing, { query: " Oslo  mayor" }, call)).toEqual({
      text: 'error: "Oslo mayor" was searched before; search for something else, or answer',
      isError: true,
    })
    const nextTrajectory = await tool.bind({ corpus, options: { repeats: "refuse" } })
    expect(await callTool(nextTrajectory, { query: "oslo mayor" }, call)).toEqual(first)
  })

  test("that failed may be asked again, also where repeats are refused", async () => {
    let down = true
    const index = {
      size: 1,
      search() {
        if (down) throw new Error("server down")
        return [{ title: "kai", text: "mayor", index: 0, score: 1 }]
      },
    }
    const tool = await searchTool({ retriever: "mine", repeats: "refuse" }).bind({
      corpus: corpusOf(world),
      options: {},
      openRetriever: async () => index,
    })
    expect((await callTool(tool, { query: "kai" }, call)).text).toBe("error: server down")
    down = false
    expect((await callTool(tool, { query: "kai" }, call)).text).toBe("kai: mayor")
    expect((await callTool(tool, { query: "kai" }, call)).text).toContain("was searched before")
  })

  test("stops when the caller gave up", async () => {
    const tool = await searchTool().bind({ corpus: corpusOf(world), options: {} })
    await expect(callTool(tool, { query: "oslo" }, { ...call, abortSignal: AbortSignal.abort() })).rejects.toThrow()
  })
})

describe("the tool", () => {
  test("says what to do when it has no passages", async () => {
    const tool = searchTool()
    for (const unbound of [tool, await tool.bind({ options: {} })]) {
      const observation = await callTool(unbound, { query: "oslo" }, call)
      expect(observation.isError).toBe(true)
      expect(observation.text).toMatch(/no passages to search.*benchmark/)
    }
  })

  test("builds one index a corpus, for callers at the same time too, and none again until it is forgotten", async () => {
    let reads = 0
    const counted = (id: string): Corpus => ({
      id,
      async *passages() {
        reads++
        yield* world
      },
    })
    const tool = searchTool({}, 2)
    const bind = (id: string) => tool.bind({ corpus: counted(id), options: {} })
    await Promise.all([bind("a"), bind("a"), bind("a")])
    expect(reads).toBe(1)
    await bind("b")
    await bind("a")
    await bind("c") // forgets b, which was not used for the longest time
    await bind("a")
    expect(reads).toBe(3)
    await bind("b")
    expect(reads).toBe(4)
    await tool.bind({ corpus: counted("b"), options: { k1: 2 } })
    expect(reads).toBe(5)
  })

  test("reads a corpus again that could not be read", async () => {
    let broken = true
    const corpus: Corpus = {
      id: "flaky",
      passages: () => {
        if (broken) throw new Error("disk gone")
        return world
      },
    }
    const tool = searchTool()
    await expect(tool.bind({ corpus, options: {} })).rejects.toThrow("disk gone")
    broken = false
    const bound = await tool.bind({ corpus, options: {} })
    expect((await callTool(bound, { query: "oslo mayor" }, call)).text).toContain("kai")
  })

  test("names the option that is wrong", async () => {
    expect(() => search({ count: 0 })).toThrow(
      'Options of tool search: option "count" cannot be used: it should be 1 or more, but is 0.',
    )
    expect(() => search({ counts: 1 } as never)).toThrow('there is no option "counts". Did you mean "count"?')
    await expect(searchTool().bind({ corpus: corpusOf(world), options: { format: "xml" } })).rejects.toThrow(/format/)
  })
})

test("the plugin offers the tool and the retriever by name", async () => {
  const registry = createRegistry([search({ count: 3 })])
  expect(registry.broken).toEqual([])
  const tool = registry.resolve("tools", "search").value
  expect(tool.tag).toEqual({ name: "search_query", argument: "query" })
  const bound = await tool.bind!({ corpus: corpusOf(world), options: {} })
  expect((await readToolOutput(await bound.execute({ query: "oslo" }, call))).text.split("\n")).toHaveLength(3)
  const index = await registry.resolve("retrievers", "tools-search/bm25").value.open(corpusOf(world))
  expect(index.size).toBe(5)
  expect((await index.search("kai", 1))[0]).toMatchObject({ title: "kai", index: 4 })
})
