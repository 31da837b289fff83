/** `swirl index` and `swirl search` as people meet them: real processes over a small file with a bad line. */
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"

const bin = fileURLToPath(new URL("../bin/swirl.mjs", import.meta.url))
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
let directory: string

function swirl(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, SWIRL_CACHE: join(directory, "cache"), NODE_OPTIONS: "" }
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, bin, ...args], { cwd: directory, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err })
    })
  })
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "swirl-search-cli-"))
  const passages = ["oslo", "bergen", "molde"].map((title) =>
    JSON.stringify({ title, text: `The mayor of ${title} is Kai.` }),
  )
  await writeFile(join(directory, "corpus.jsonl"), [...passages, "{half"].join("\n"))
  await writeFile(
    join(directory, "questions.jsonl"),
    `${JSON.stringify({ question: "Who is mayor of Bergen?", gold_titles: ["bergen"] })}\n`,
  )
  await writeFile(
    join(directory, "rankings.csv"),
    "question,gold_titles,retrieved_titles,setting\nWho?,oslo,oslo | molde,own\nWho?,oslo,molde,other\nWhy?,,molde,own\n",
  )
})
afterAll(() => rm(directory, { recursive: true }))

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
  const { size, skipped, passages } = JSON.parse(search.out)
  expect(skipped).toBe(1)
  expect([size, passages.length, passages[0].title, passages[0].index, passages[0].rank]).toEqual([
    3,
    2,
    "bergen",
    1,
    1,
  ])
  expect(search.err).toContain("Left out 1 line that is no passage: line 4: not JSON")
  const document = JSON.parse(index.out)
  expect(document).toMatchObject({ passages: 3, questions: 1, skipped: 1 })
  expect(document.metrics["full@2"]).toMatchObject({ value: 1, high: 1 })
  expect([absent, blind, alone, limit, lost].map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
  expect(absent.err).toMatch(/There is no file .*absent\.jsonl/)
  expect(blind.err).toMatch(/needs an embedder/)
  expect(alone.err).toContain("--rankings is about questions: name them with --evaluate.")
  expect(limit.err).toContain("--limit is about questions: name them with --evaluate.")
  expect(lost.err).toMatch(/There is no file .*absent\.jsonl/)
}, 60_000)

test("a stored index says at every opening what its file left out", async () => {
  const lines = Array.from({ length: 20_001 }, (_, i) => JSON.stringify({ title: `town ${i}`, text: "by the sea" }))
  lines[2] = "half}"
  lines[5] = "[]"
  await writeFile(join(directory, "large.jsonl"), [...lines, '{"text":"oslo"}', '{"text":"molde"}'].join("\n"))
  for (let time = 0; time < 2; time++) {
    const opened = await swirl("index", "large.jsonl", "--json")
    expect(opened.err).toContain("Left out 2 lines that are no passages: line 3: not JSON; line 6: not an object\n")
    expect(JSON.parse(opened.out)).toMatchObject({
      passages: 20_001,
      skipped: 2,
      retriever: expect.stringContaining("on disk"),
    })
  }
}, 60_000)

test("rankings that a file brings along are evaluated in place of a search", async () => {
  const told = await swirl("index", "corpus.jsonl", "--evaluate", "rankings.csv", "--rankings", "own", "--json")
  expect(JSON.parse(told.out)).toMatchObject({
    setting: "own",
    questions: 1,
    withoutGold: 1,
    metrics: { "mrr@10": { value: 1 } },
  })
  expect(told.err).toContain("Left out 1 question without gold titles.")
}, 60_000)
