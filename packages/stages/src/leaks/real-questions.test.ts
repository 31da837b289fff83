/** Real files, skipped where ../shared/data is not: what is known to hold the same questions does, and what does not is left alone. */
import { existsSync, readFileSync } from "node:fs"
import type { KnownQuestion, LeakCounts, SeenQuestion } from "@swirl-ts/core"
import { describe, expect, test } from "vitest"
import { findLeaks } from "./find-leaks.ts"

const data = new URL("../../../../../shared/data/", import.meta.url)

interface Row {
  id?: string
  _id?: string
  question: string
  supporting_facts?: [string, number][]
  context?: [string, unknown][]
  question_decomposition?: { question: string; answer: string }[]
}

function questions(file: string, benchmark: string): KnownQuestion[] {
  const text = readFileSync(new URL(file, data), "utf8")
  const rows = file.endsWith(".jsonl")
    ? text
        .trim()
        .split("\n")
        .map((line): Row => JSON.parse(line))
    : (JSON.parse(text) as Row[] | { data: Row[] })
  return ("data" in rows ? rows.data : rows).map((row, number) => ({
    benchmark,
    split: file,
    taskId: row.id ?? row._id ?? `${file}/${number}`,
    question: row.question,
    // BeerQA's context is its gold paragraphs.
    titles: (row.supporting_facts ?? (benchmark === "beerqa" ? row.context : undefined))?.map(([title]) => title),
    subQuestions: row.question_decomposition?.map(({ question }) =>
      question.replace(/#(\d)/g, (_, step) => row.question_decomposition![step - 1]!.answer),
    ),
  }))
}

function counts(trained: readonly KnownQuestion[], asked: readonly KnownQuestion[]): LeakCounts {
  const seen = trained.map(
    (question): SeenQuestion => ({ ...question, schema: "swirl.seen-question/1", use: "training", training: "t" }),
  )
  const found: LeakCounts = {}
  for (const leak of findLeaks(asked, seen)) if (leak) found[leak.kind] = (found[leak.kind] ?? 0) + 1
  return found
}

describe.skipIf(!existsSync(data))("the real files (skipped where ../shared/data is not)", { timeout: 60_000 }, () => {
  const squad = () => questions("beerqa/raw/squad_v1.1_dev_10570_qa.jsonl", "squad")
  const beerqa = () => questions("beerqa/raw/beerqa_train_subsample_1000.json", "beerqa")
  const musique = () => questions("musique/raw/lag_ans_dev_2417_noparas.json", "musique")

  test("BeerQA holds questions of SQuAD and of HotpotQA", () => {
    const tested = questions("beerqa/raw/beerqa_test_questions_v1.0.json", "beerqa")
    expect(counts(squad(), tested)).toEqual({ question: 8424 })
    expect(counts(questions("hotpotqa/raw/knowagent_train_500.json", "hotpotqa"), beerqa())).toEqual({
      question: 3,
      titles: 1,
    })
  })

  test("MuSiQue is built from SQuAD", () => {
    expect(counts(squad(), musique())).toEqual({ "sub-question": 106 })
    expect(counts(musique(), squad())).toEqual({ "sub-question": 22 })
  })

  test("what was split well is left alone", () => {
    const [trained, tested] = ["train", "test"].map((split) => questions(`gsm8k/raw/${split}.jsonl`, "gsm8k"))
    expect(counts(trained!, tested!)).toEqual({})
    expect(counts(beerqa(), questions("hotpotqa/derived/hotpot_dev_qa_7405_with_ids.json", "hotpotqa"))).toEqual({})
    expect(counts(questions("musique/raw/hipporag_ans_train_100.json", "musique"), musique())).toEqual({})
  })
})
