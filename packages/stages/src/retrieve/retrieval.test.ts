import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/testing"
import { describe, expect, test } from "vitest"
import { corpusOfFile } from "./corpus-source.ts"
import { readQuestionFile } from "./question-file.ts"
import { retrievalMetrics } from "./retrieval-metrics.ts"
import { distinctQuestions, rankingsOf } from "./retrieval-questions.ts"

async function file(text: string | Buffer): Promise<string> {
  const path = join(temporaryFolder(), "corpus.jsonl")
  await writeFile(path, text)
  return path
}
async function read(text: string | Buffer) {
  const corpus = await corpusOfFile(await file(text))
  return { passages: await Array.fromAsync(corpus.passages()), skipped: corpus.skipped!(), id: corpus.id }
}

describe("a corpus file", () => {
  test("gives its passages; bad lines are left out, counted and named", async () => {
    const { passages, skipped } = await read(
      '\uFEFF{"title":"a","text":"x"}\r\n\n{"title":"b"\n{"text":"no title"}\n[]\n{"title":1,"text":""}\n{"title":"c","text":""}\n{"title":"İ","text":"\\u00a0"}',
    )
    expect(passages).toEqual([
      { title: "a", text: "x" },
      { title: "", text: "no title" },
      { title: "c", text: "" },
      { title: "İ", text: "\u00a0" },
    ])
    expect(skipped).toEqual({
      count: 3,
      lines: ["line 3: not JSON", "line 5: not an object", "line 6: a title that is no text"],
    })
  })

  test("keeps no line that is not UTF-8, and splits at line feeds alone", async () => {
    const bad = Buffer.from('{"title":"Troms\u00f8","text":"x"}\n', "latin1")
    const good = Buffer.from('{"title":"Tromsø","text":"a\u2028b"}\n')
    const { passages, skipped } = await read(Buffer.concat([good, bad, good, Buffer.from('{"text":"end"}')]))
    const kept = { title: "Tromsø", text: "a\u2028b" }
    expect(passages).toEqual([kept, kept, { title: "", text: "end" }])
    expect(skipped).toEqual({ count: 1, lines: ["line 2: not UTF-8"] })
  })

  test("may have lines and letters that cross the pieces it is read in", async () => {
    const expected = Array.from({ length: 9 }, (_, i) => ({ title: `${i}`, text: "ø".repeat(50_001 * i) }))
    const { passages, skipped } = await read(expected.map((passage) => JSON.stringify(passage)).join("\n"))
    expect(passages).toEqual(expected)
    expect(skipped.count).toBe(0)
  })

  test("of which more than half is bad, or all is empty, is an error with file and lines", async () => {
    await expect(read('{"title":"a","text":"x"}\nb\nc\n')).rejects.toThrow(
      /corpus\.jsonl has 1 passage and 2 lines that are none \(line 2: not JSON/,
    )
    await expect(read("\n")).rejects.toThrow(/has 0 passages/)
  })

  test("of JSON that is laid out otherwise is refused with the command that turns it into lines", async () => {
    const array = '\uFEFF[\n  {"title": "a", "text": "x"}\n]'
    await expect(read(array)).rejects.toThrow(
      /is one JSON array.*jq -c "\.\[\]" "corpus\.jsonl" > "corpus\.jsonl\.lines\.jsonl"/,
    )
    await expect(read('{\n  "title": "a",\n  "text": "x"\n}\n')).rejects.toThrow(
      /has JSON objects over several lines.*jq -c \. "corpus\.jsonl" > /,
    )
    expect((await read('[]\n{"text":"x"}')).skipped.lines).toEqual(["line 1: not an object"])
  })

  test("is another corpus when its content changes", async () => {
    const [a, same, b] = await Promise.all(['{"text":"x"}', '{"text":"x"}', '{"text":"y"}'].map(read))
    expect(a!.id).toBe(same!.id)
    // Indexes that are stored are found again.
    expect(a!.id).toBe("corpus.jsonl:591c8cbf4aac52c4c5f4d9858a936d33")
    expect(a!.id).not.toBe(b!.id)
  })
})

describe("questions", () => {
  const questions = async (text: string | Buffer) => readQuestionFile(await file(text))

  test("come from JSON lines and from CSV with quotes, titles as list or with bars", async () => {
    const expected = [
      { question: 'Who is "A",\nB?', goldTitles: ["A, B", "C"] },
      { question: "d\re", goldTitles: ["E"] },
    ]
    const csv = '\uFEFFid,question,gold_titles\r\n1,"Who is ""A"",\nB?","A, B | C"\r\n\r\n2,d\re,E\r\n'
    expect(await questions(csv)).toEqual(expected)
    const lines =
      '{"question":"Who is \\"A\\",\\nB?","gold_titles":["A, B","C"]}\n\n{"question":"d\\re","gold_titles":"E"}\n'
    expect(await questions(lines)).toEqual(expected)
  })

  test("that cannot be read are errors with file and line", async () => {
    await expect(questions('{"question":"a","gold_titles":["b"]}\n{"question":"a"}')).rejects.toThrow(
      /corpus\.jsonl, line 2: no gold_titles/,
    )
    await expect(questions("{oops")).rejects.toThrow(/line 1: not JSON/)
    await expect(questions("a,b\n1,2")).rejects.toThrow(/no columns question and gold_titles/)
    const latin = Buffer.from("question,gold_titles\nø,Tromsø\n", "latin1")
    await expect(questions(latin)).rejects.toThrow(/corpus\.jsonl, line 2 is not UTF-8 text\. Save/)
  })

  test("in a CSV file cut short, or with a column too many, are errors with file and line", async () => {
    const table = 'question,gold_titles,note\n"two\nlines",B,x\n'
    await expect(questions(`${table}c,D`)).rejects.toThrow(/corpus\.jsonl, line 4: 2 of 3 columns/)
    await expect(questions(`${table}c,D,x,y\n`)).rejects.toThrow(/line 4: 4 of 3 columns/)
    await expect(questions(`${table}c,D,"x`)).rejects.toThrow(/line 4: a quotation mark that nothing closes/)
    expect(await questions(`${table}c,D,`)).toHaveLength(2)
  })

  test("are counted after repeats and those without gold titles are left out", async () => {
    const each = (question: string, ...goldTitles: string[]) => ({ question, goldTitles })
    const given = [each("a", "x", "y"), each("a", "y", "x"), each("b"), each("c", "x"), each("d", "x")]
    const { questions, withoutGold, repeated } = await distinctQuestions("q", given, 2)
    expect([questions.map(({ question }) => question), withoutGold, repeated]).toEqual([["a", "c"], 1, 1])
    expect((await distinctQuestions("q", given)).questions).toHaveLength(3)
  })

  test("bring rankings of one setting; a setting that is not there, or not named, is told with those that are", () => {
    const each = (question: string, setting: string, retrieved: string[]) => ({
      question,
      goldTitles: ["x"],
      setting,
      retrieved,
    })
    const both = [each("a", "pooled", ["x"]), each("a", "own", ["y"]), each("b", "own", ["z"])]
    expect(rankingsOf("q", both, "own")).toEqual(both.slice(1))
    expect(rankingsOf("q", both.slice(1), true)).toEqual(both.slice(1))
    expect(() => rankingsOf("q", both, "poled")).toThrow(/no rankings of the setting "poled"\. It has: pooled, own\./)
    expect(() => rankingsOf("q", both, true)).toThrow(/2 settings: pooled, own\. Give one/)
    expect(() => rankingsOf("q", [...both, each("a", "own", ["z"])], "own")).toThrow(/two different rankings of "a"/)
    expect(() => rankingsOf("q", [{ question: "a", goldTitles: ["x"], retrieved: [] }], "own")).toThrow(
      /no column setting to find "own" in/,
    )
    expect(() => rankingsOf("q", [{ question: "a", goldTitles: ["x"] }], true)).toThrow(/holds no rankings/)
  })
})

test("metrics are those of the definitions, inside their intervals", () => {
  const ranked = [
    ["a", "x", "b"],
    ["x", "y"],
    ["x", "x", "x", "x", "x", "c"],
  ]
  const metrics = retrievalMetrics(ranked, [["a", "b"], ["z"], ["c"]])
  const values = Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]))
  expect(values).toEqual({
    "recall@2": expect.closeTo(0.5 / 3),
    "full@2": 0,
    "any@2": expect.closeTo(1 / 3),
    "recall@5": expect.closeTo(1 / 3),
    "full@5": expect.closeTo(1 / 3),
    "any@5": expect.closeTo(1 / 3),
    "recall@10": expect.closeTo(2 / 3),
    "full@10": expect.closeTo(2 / 3),
    "any@10": expect.closeTo(2 / 3),
    "mrr@10": expect.closeTo((1 + 1 / 6) / 3),
  })
  for (const { value, ci } of Object.values(metrics)) {
    expect(ci[0]).toBeLessThanOrEqual(value)
    expect(ci[1]).toBeGreaterThanOrEqual(value)
  }
})

const published = fileURLToPath(
  new URL("../../../../../shared/data/hotpotqa/preds/xinowo_bm25_results_dev_first500.csv", import.meta.url),
)
test.skipIf(!existsSync(published))("a published baseline's own rankings give its published figures", async () => {
  const rows = rankingsOf(published, await readQuestionFile(published), "pooled")
  expect(rows).toHaveLength(500)
  const metrics = retrievalMetrics(
    rows.map(({ retrieved }) => retrieved!),
    rows.map(({ goldTitles }) => goldTitles),
  )
  const figures = ["full@2", "full@5", "full@10", "any@5", "recall@5", "mrr@10"].map((name) =>
    metrics[name]!.value.toFixed(3),
  )
  expect(figures).toEqual(["0.140", "0.302", "0.500", "0.874", "0.588", "0.751"])
})
