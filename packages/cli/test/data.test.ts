/** `swirl data` as people meet it: real processes over small official files. */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { jsonLines as lines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const directory = temporaryFolder()
const swirl = swirlIn(directory)
const data = (...args: string[]) => swirl("data", ...args)

const paragraph = (idx: number, title: string, supports = false, text = `${title} is told of.`) => ({
  idx,
  title,
  paragraph_text: text,
  is_supporting: supports,
})
const musique = (id: string) => ({
  id,
  question: `Who wed the singer of ${id}?`,
  paragraphs: [paragraph(0, `Song ${id}`, true), paragraph(1, `Singer ${id}`, true), paragraph(2, `Noise ${id}`)],
  question_decomposition: [
    { id: 1, question: `${id} >> singer`, answer: `Singer ${id}`, paragraph_support_idx: 0 },
    { id: 2, question: "#1 >> spouse", answer: `Spouse ${id}`, paragraph_support_idx: 1 },
  ],
  answer: `Spouse ${id}`,
  answer_aliases: [],
  answerable: true,
})
async function write(name: string, content: string): Promise<void> {
  await mkdir(dirname(join(directory, name)), { recursive: true })
  await writeFile(join(directory, name), content)
}

await write("musique.jsonl", lines("abcdefgh".split("").map(musique)))

test("synthetic twins are drawn by --seed: the same seed gives the same file, another another, none is 0", async () => {
  const twins = async (...seed: string[]) => {
    const { code, stderr } = await data(
      "musique",
      "--data",
      "musique.jsonl",
      "--synthetic-full",
      "twins.jsonl",
      ...seed,
    )
    expect([code, stderr]).toEqual([0, ""])
    return readFile(join(directory, "twins.jsonl"), "utf8")
  }
  const third = await twins("--seed", "3")
  expect(await twins("--seed", "3")).toBe(third)
  const plain = await twins()
  expect(plain).not.toBe(third)
  expect(await twins("--seed", "0")).toBe(plain)
}, 60_000)

test("one file is read and shown once, as the split that its name speaks of or that is asked for", async () => {
  const splits = async (file: string, ...more: string[]) => {
    const { stdout } = await data("musique", "--data", file, "--json", ...more)
    return JSON.parse(stdout).splits
  }
  expect(await splits("musique.jsonl")).toEqual({ dev: 8 })
  await write("my_train-part.jsonl", lines([musique("a")]))
  expect(await splits("my_train-part.jsonl")).toEqual({ train: 1 })
  expect(await splits("my_train-part.jsonl", "--split", "test")).toEqual({ test: 1 })
  const { code, stderr } = await data("musique", "--data", "musique.jsonl", "--split", "dve")
  expect([code, stderr]).toEqual([
    2,
    'Benchmark bench-musique/musique has no split "dve". Did you mean "dev"? It has train, dev, test.\n',
  ])
}, 60_000)

test("a folder's splits are each counted; --split leaves the others unread", async () => {
  await write("both/dev.jsonl", lines([musique("a")]))
  await write("both/train.jsonl", `${lines([musique("a")])}{"id":`)
  expect((await data("musique", "--data", "both")).stderr).toMatch(/^\S*train\.jsonl, line 2 is not JSON.*\n$/)
  await write("both/train.jsonl", "no JSON")
  expect((await data("musique", "--data", "both")).stderr).toMatch(/^\S*train\.jsonl, line 1 is not JSON.*\n$/)
  const { code, stdout } = await data("musique", "--data", "both", "--split", "dev")
  expect([code, stdout]).toEqual([0, "both\ndev: 1 tasks\n"])
}, 60_000)

test("a file that is missing or broken is one sentence", async () => {
  for (const benchmark of ["musique", "hotpotqa", "gsm8k", "cofca"]) {
    const { code, stderr } = await data(benchmark, "--data", "absent.json")
    expect([code, stderr]).toEqual([
      2,
      `There is no file or folder ${join(directory, "absent.json")}, which --data names.\n`,
    ])
  }
  await write("broken.jsonl", lines([{ ...musique("a"), paragraphs: undefined }]))
  expect((await data("musique", "--data", "broken.jsonl")).stderr).toMatch(
    /^[^\n]*line 1: "paragraphs" is missing[^\n]*\n$/,
  )
}, 60_000)

test("CofCA's fixture is read only where it is asked for", async () => {
  const record = { _id: "a", question: "Who?", answer: "Lena", type: "2-hop", context: [["Vastel", ["Lena runs it."]]] }
  await write("2hop.json", JSON.stringify([{ ...record, sub_questions: ["Who?"], sub_answers: ["Lena"] }]))
  await write("copy/2hop.json", JSON.stringify([{ ...record, sub_questions: ["Who?"], sub_answers: ["Lena"] }]))
  for (const path of ["2hop.json", "copy"]) {
    for (const split of [[], ["--split", "test"]]) {
      expect(await data("cofca", "--data", path, ...split)).toEqual({
        code: 0,
        stdout: `${path}\ntest: 1 tasks\n`,
        stderr: "",
      })
    }
  }
  expect((await swirl("show", "cofca", "--data", "copy", "--split", "test")).stdout).toMatch(
    /^bench-cofca\/cofca, split test, a__/,
  )
  expect((await swirl("show", "cofca")).stdout).toMatch(/^bench-cofca\/cofca, split fixture, /)
  expect((await data("cofca", "--split", "fixture")).stdout).toBe("fixture: 24 tasks\n")
  expect((await data("cofca", "--split", "test")).stderr).toMatch(/no public download of CofCA's test split/)
}, 60_000)

test("a remark on a file is on standard error and among the notes of the document", async () => {
  const empty = { ...musique("a"), paragraphs: [paragraph(0, "Song", true, "")] }
  await write("empty.jsonl", lines([empty, musique("b")]))
  for (const more of [[], ["--synthetic-full", "twins.jsonl"]]) {
    const { stdout, stderr } = await data("musique", "--data", "empty.jsonl", "--json", ...more)
    expect(stderr).toMatch(/1 of 2 records have no paragraph with a text/)
    expect(JSON.parse(stdout).notes).toEqual([stderr.trim()])
  }
  expect(JSON.parse((await data("musique", "--data", "musique.jsonl", "--json")).stdout).notes).toEqual([])
}, 60_000)

test("a mistyped benchmark before = in --data is named with the nearest; a path with = in it stays a path", async () => {
  const { code, stderr } = await data("musique", "--data", "musiqe=musique.jsonl")
  expect([code, stderr]).toEqual([2, 'There is no benchmark "musiqe". Did you mean "musique"?\n'])
  await write("lr=3.jsonl", lines([musique("a")]))
  expect((await data("musique", "--data", "lr=3.jsonl")).stdout).toBe("lr=3.jsonl\ndev: 1 tasks\n")
  expect((await data("musique", "--data", "./absent=3.jsonl")).stderr).toMatch(/no file or folder .*absent=3\.jsonl/)
}, 60_000)

test("only the split that is asked for is downloaded", async () => {
  expect((await data("musique", "--split", "dev")).stderr).toMatch(/could not download musique_ans_v1\.0_dev\.jsonl/i)
  expect((await data("musique")).stderr).toMatch(/could not download musique_ans_v1\.0_train\.jsonl/i)
})

test("--coverage counts what the corpus holds and what a search finds, and names the questions that lack a passage", async () => {
  await write("musique-two.jsonl", lines(["c", "b"].map(musique)))
  const some = ["Song c", "Singer  c", "Song b"].map((title) => ({ title, text: "It is told of." }))
  await write("some.jsonl", lines(some))
  const coverage = (...args: string[]) => data("musique", "--data", "musique-two.jsonl", "--coverage", ...args)
  const { code, stdout } = await coverage("--corpus", "some.jsonl", "-k", "3")
  expect(code).toBe(0)
  expect(stdout.split("\n").slice(1)).toEqual([
    "questions of which                                             share  95 % interval    n",
    "gold titles are known                                        100.0 %  34.2 to 100.0  2/2",
    "the corpus holds a passage of each of them                    50.0 %    9.5 to 90.5  1/2",
    "the question's own words find all of them among the first 3   50.0 %    9.5 to 90.5  1/2",
    "… find one of them, at least                                 100.0 %  34.2 to 100.0  2/2",
    "each is found among the first 3 by these or its own title     50.0 %    9.5 to 90.5  1/2",
    "One query, of the question's words: a policy that searches in steps may find more, up to what is reachable and beyond.",
    "Not in the corpus, of 1 question:",
    "  b: Singer b",
    "",
  ])
  const { json } = await coverage("--json", "--ids", "b")
  expect(json).toMatchObject({
    benchmark: "bench-musique/musique",
    split: "dev",
    corpora: 1,
    passages: 6,
    // One passage a call, five calls.
    k: 5,
    questions: 1,
    known: 1,
    held: 1,
    missing: [],
    shares: { held: { value: 1, low: expect.any(Number), high: 1 } },
  })
}, 60_000)

test("what --coverage cannot count, and its options without it, are sentences with exit code 2", async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await data(...args)
    expect(code).toBe(2)
    return stderr
  }
  expect(await refused("gsm8k", "--coverage")).toBe(
    "bench-gsm8k/gsm8k has no passages to search: there is no corpus whose coverage could be counted.\n",
  )
  expect(await refused("cofca", "--coverage")).toMatch(/^bench-cofca\/cofca does not say which passages/)
  expect(await refused("musique", "--k", "3")).toBe("--k is about the coverage of a corpus: give --coverage, too.\n")
  expect(await refused("musique", "--coverage", "--synthetic-full", "x")).toMatch(/give one of them/)
  expect(await refused("musique", "--coverage", "--data", "musique.jsonl", "--corpus", "gone.jsonl")).toMatch(
    /^There is no file \S*gone\.jsonl\./,
  )
  await write("others.jsonl", lines([{ question: "?" }]))
  expect(await refused("musique", "--coverage", "--data", "musique.jsonl", "--corpus", "others.jsonl")).toMatch(
    /others\.jsonl has 0 passages and 1 line that is none \(line 1: no text/,
  )
}, 60_000)

test("eval shows the share of questions whose passages the corpus holds, where that can be known, and validate knows the record", async () => {
  await write("script.jsonl", lines([{ replies: ["<answer>nobody</answer>"] }]))
  const robbed = { ...musique("b"), paragraphs: [paragraph(0, "Song b", true)] }
  await write("musique-eval.jsonl", lines([musique("c"), robbed]))
  const evaluated = ["--data", "musique=musique-eval.jsonl", "--limit", "2", "--model", "script:script.jsonl"]
  const { stdout } = await swirl("eval", "musique", "cofca", ...evaluated, "--run", "covered")
  const [head, first, second] = stdout.split("\n")
  expect([head, first, second].map((line) => line!.split(/ {2,}/).at(-1))).toEqual(["coverage", "100.0 % (2/2)", "–"])
  const { json } = await swirl("eval", "musique", ...evaluated, "--run", "covered", "--json")
  expect(json).toMatchObject({ cells: [{ coverage: { known: 2, held: 2 } }] })
  expect((await swirl("validate", "covered")).stdout).toContain("swirl.coverage/1: 1 records, all valid")
  expect((await swirl("eval", "cofca", ...evaluated, "--run", "plain")).stdout).not.toContain("coverage")
}, 60_000)

test("the embedder of --coverage is asked where --base-url or its variable says; without --coverage nobody is", async () => {
  const asked = ["data", "musique", "--data", "musique.jsonl"]
  const coverage = [...asked, "--coverage", "--mode", "vector", "--embedder", "openai:m"]
  const elsewhere = swirlIn(directory, { SWIRL_BASE_URL: "no address" })
  const refused = { code: 2, stderr: expect.stringMatching(/^The base URL "no address" is not a URL/) }
  expect(await swirl(...coverage, "--base-url", "no address")).toMatchObject(refused)
  expect(await elsewhere(...coverage)).toMatchObject(refused)
  expect(await elsewhere(...asked)).toMatchObject({ code: 0, stderr: "" })
}, 60_000)
