/** `swirl index` and `swirl search` as people meet them: real processes over a small file with a bad line. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const passages = ["oslo", "bergen", "molde"].map((title) => ({ title, text: `The mayor of ${title} is Kai.` }))
const directory = temporaryFolder({
  "corpus.jsonl": `${jsonLines(passages)}{half`,
  "questions.jsonl": jsonLines([{ question: "Who is mayor of Bergen?", gold_titles: ["bergen"] }]),
  "rankings.csv":
    "question,gold_titles,retrieved_titles,setting\nWho?,oslo,oslo | molde,own\nWho?,oslo,molde,other\nWhy?,,molde,own\n",
})
const swirl = swirlIn(directory)

test("search prints one document of ranked passages; index evaluates; mistakes are sentences", async () => {
  const [search, index, absent, blind, alone, limit, lost] = await Promise.all([
    swirl("search", "corpus.jsonl", "mayor of bergen", "-k", "2", "--json"),
    swirl("index", "corpus.jsonl", "--evaluate", "questions.jsonl", "--json"),
    swirl("index", "absent.jsonl"),
    swirl("search", "corpus.jsonl", "oslo", "--mode", "hybrid"),
    swirl("index", "corpus.jsonl", "--rankings"),
    swirl("index", "corpus.jsonl", "--limit", "3"),
    swirl("index", "absent.jsonl", "--evaluate", "rankings.csv", "--rankings", "own"),
  ])
  const { size, skipped, passages } = search.json
  expect(skipped).toBe(1)
  expect([size, passages.length, passages[0].title, passages[0].index, passages[0].rank]).toEqual([
    3,
    2,
    "bergen",
    1,
    1,
  ])
  expect(search.stderr).toContain("Left out 1 line that is no passage: line 4: not JSON")
  const document = index.json
  expect(document).toMatchObject({ passages: 3, questions: 1, skipped: 1 })
  expect(document.metrics["full@2"]).toMatchObject({ value: 1, high: 1 })
  expect([absent, blind, alone, limit, lost].map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
  expect(absent.stderr).toMatch(/There is no file .*absent\.jsonl/)
  expect(blind.stderr).toMatch(/needs an embedder/)
  expect(alone.stderr).toContain("--rankings is about questions: name them with --evaluate.")
  expect(limit.stderr).toContain("--limit is about questions: name them with --evaluate.")
  expect(lost.stderr).toMatch(/There is no file .*absent\.jsonl/)
}, 60_000)

test("a stored index says at every opening what its file left out", async () => {
  const lines = Array.from({ length: 20_001 }, (_, i) => JSON.stringify({ title: `town ${i}`, text: "by the sea" }))
  lines[2] = "half}"
  lines[5] = "[]"
  await writeFile(join(directory, "large.jsonl"), [...lines, '{"text":"oslo"}', '{"text":"molde"}'].join("\n"))
  for (let time = 0; time < 2; time++) {
    const opened = await swirl("index", "large.jsonl", "--json")
    expect(opened.stderr).toContain("Left out 2 lines that are no passages: line 3: not JSON; line 6: not an object\n")
    expect(opened.json).toMatchObject({
      passages: 20_001,
      skipped: 2,
      retriever: expect.stringContaining("on disk"),
    })
  }
}, 60_000)

test("rankings that a file brings along are evaluated in place of a search", async () => {
  const told = await swirl("index", "corpus.jsonl", "--evaluate", "rankings.csv", "--rankings", "own", "--json")
  expect(told.json).toMatchObject({
    setting: "own",
    questions: 1,
    withoutGold: 1,
    metrics: { "mrr@10": { value: 1 } },
  })
  expect(told.stderr).toContain("Left out 1 question without gold titles.")
}, 60_000)
