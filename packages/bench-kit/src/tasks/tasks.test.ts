import { SwirlError } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { z } from "zod"
import {
  type DataSet,
  exampleRecords,
  examplesFor,
  goldRecords,
  goldSteps,
  readAs,
  recordsOf,
  tasksOf,
} from "../index.ts"

const RecordSchema = z.object({ id: z.string(), question: z.string(), level: z.string().optional() })
const quiz: DataSet<"train" | "dev"> = {
  name: "Quiz",
  splits: ["train", "dev"],
  remote: {},
  form: "Quiz's JSON lines",
  home: "quiz",
  namesOf: (split) => [new RegExp(`^${split}\\.json`)],
}
const host = testHost()
const records = (files: readonly string[]) =>
  recordsOf(quiz, files, (record) => readAs(RecordSchema, record, "Quiz records have id and question."))
const record = (id: string, question = `${id}?`) => ({ id, question })
const fileOf = (content: unknown) => `${temporaryFolder({ "dev.json": content })}/dev.json`
const idsOf = async (file: string, limit?: number, left?: string) =>
  (
    await Array.fromAsync(
      tasksOf(records([file]), { limit }, ({ id, question }) => (id === left ? undefined : { id, question })),
    )
  ).map(({ id }) => id)

test("tasks come in the records' order, as many as are asked for, without those that are left out", async () => {
  const file = fileOf(["a", "b", "c", "d"].map((id) => record(id)))
  expect(await idsOf(file)).toEqual(["a", "b", "c", "d"])
  expect(await idsOf(file, 2, "b")).toEqual(["a", "c"])
  expect(await idsOf(file, 0)).toEqual([])
})

test("a limit reads no further than it has to", async () => {
  expect(await idsOf(fileOf(`${JSON.stringify(record("a"))}\nbroken`), 1)).toEqual(["a"])
})

test("an id that comes twice is an error with both places", async () => {
  const file = fileOf({ data: [record("a"), record("b"), record("a")] })
  await expect(idsOf(file)).rejects.toThrow(
    `${file}, entry 2: the id a was there before, at ${file}, entry 0. Take one`,
  )
})

test("files without a record are an error that says what to give; as gold too", async () => {
  const file = fileOf([])
  await expect(idsOf(file)).rejects.toThrow(`${file} holds no question. Give Quiz's JSON lines.`)
  expect(() => goldRecords("[]", quiz)).toThrow(
    "The gold file holds no question. Give Quiz's questions with their answers, as JSON or JSON lines.",
  )
  expect(goldRecords('{"data": [1]}', quiz)).toEqual([{ where: "the gold file, entry 0", value: 1 }])
})

test.each([
  [{ id: "a" }, '"question" is missing. Quiz records have id and question.'],
  [{ id: 1, question: "q" }, '"id" cannot be used: it should be a text, but is the number 1. Quiz'],
  [{ question: "q", paragraphs: [] }, 'question. It has "paragraphs", so it may be a MuSiQue file.'],
  [{ question: "q", src: "squad" }, 'It has "src", so it may be a BeerQA file.'],
  [{ _id: "q", supporting_facts: [], context: [] }, 'It has "supporting_facts", so it may be a HotpotQA file.'],
  [7, "it is no object. Quiz records have id and question."],
])("what is no record is named with place, problem and whose it may be: %j", (value, message) => {
  const read = () => readAs(RecordSchema, { where: "x, line 2", value }, "Quiz records have id and question.")
  expect(read).toThrow(SwirlError)
  expect(read).toThrow(message)
  expect(read).toThrow(/^x, line 2: /)
})

test("a key of its own does not speak for another data set", () => {
  const schema = RecordSchema.extend({ context: z.array(z.string()) })
  const value = { id: "a", context: [] }
  expect(() => readAs(schema, { where: "x", value }, "Own.")).toThrow(/^x: "question" is missing\. Own\.$/)
})

test("examples are the first train records that can be shown, one more than are shown, and never the question itself", async () => {
  const folder = temporaryFolder({
    "train.json": ["a", "b", "c", "d"].map((id) => record(id)),
    "dev.json": [record("x", "b?")],
  })
  const examples = (shots: number, dataPath = folder) =>
    exampleRecords(quiz, "dev", { host, dataPath }, shots, records, ({ id }) => id !== "a")
  const found = await examples(1)
  expect(found.map(({ id }) => id)).toEqual(["b", "c"])
  expect(examplesFor(found, record("x", "b?"), 1)).toEqual([record("c")])
  expect(examplesFor(found, record("y"), 1)).toEqual([record("b")])
  expect(await examples(0, "/nowhere")).toEqual([])
  await expect(examples(1, `${folder}/dev.json`)).rejects.toThrow(
    "--data names one file. Name a folder that holds dev and train, or set shots to 0.",
  )
})

test("a gold step is seen where an observation that is no error shows its text", () => {
  const [step, ...others] = goldSteps("recall", new Set(["Rome"]), (observation, text) => observation.includes(text))
  expect(others).toEqual([])
  expect(step).toMatchObject({ metric: "recall", text: "Rome" })
  const seen = (text: string, isError = false) => step!.seenIn({ tool: "search", text, isError })
  expect([seen("in Rome"), seen("in Oslo"), seen("in Rome", true)]).toEqual([true, false, false])
})

test("an abort ends the reading", async () => {
  const controller = new AbortController()
  const tasks = tasksOf(records([fileOf([record("a"), record("b")])]), { abortSignal: controller.signal }, (it) => it)
  expect((await tasks.next()).value).toEqual(record("a"))
  const stop = new Error("stop")
  controller.abort(stop)
  await expect(tasks.next()).rejects.toBe(stop)
})
