/** Records that are broken, foreign or of a newer version: what, where and what to do are said, and the folder stays as it is. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { EvalSampleSchema, VerdictSchema } from "@swirl-ts/core"
import { folderDigests, jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { hasRecord, readRecords } from "./read-records.ts"
import { readDocument } from "./record-document.ts"
import { openRecordFile } from "./record-file.ts"
import { openRun, readRun } from "./run.ts"

const verdict = (id: string) => ({
  schema: "swirl.verdict/1",
  id,
  trajectoryId: "t",
  step: 0,
  judge: "j",
  verdict: "good",
  reason: "é",
})
const [one, two, three] = ["a", "b", "c"].map((id) => Buffer.from(jsonLines([verdict(id)])))
const run = { schema: "swirl.run/1", id: "r", createdAt: "", spec: {}, specHash: "", digests: {}, machine: {} }
const madeBy = (swirl: string, since: string) => ({ since, swirl, plugins: {}, machine: {} })
/** A stage that was gone on with last is not the last one in the record. */
const makers = {
  "eval/x": [madeBy("2.6.0", "2026-01-01T00:00:00Z"), madeBy("2.7.0", "2026-03-01T00:00:00Z")],
  "eval/y": [madeBy("2.6.1", "2026-02-01T00:00:00Z")],
}
const newer = { ...verdict("b"), schema: "swirl.verdict/2" }

/** What every way to read or write the file says; the folder is as before. */
async function refusal(bytes: Buffer | string, more: Record<string, unknown> = {}): Promise<string> {
  const folder = temporaryFolder({ "verdicts.jsonl": bytes, ...more })
  const path = join(folder, "verdicts.jsonl")
  const before = folderDigests(folder)
  const said = new Set<string>()
  for (const read of [
    () => openRecordFile(path, VerdictSchema),
    () => Array.fromAsync(readRecords(path, VerdictSchema)),
    () => hasRecord(path, VerdictSchema, () => false),
  ]) {
    const error = await read().then(
      () => ({ kind: "none", message: "it was read" }),
      (caught: { kind: string; message: string }) => caught,
    )
    expect([error.kind, error.message]).toEqual(["usage", expect.any(String)])
    said.add(error.message.replace(path, "FILE"))
  }
  expect(folderDigests(folder)).toEqual(before)
  expect(said.size).toBe(1)
  return [...said][0]!
}

const repair = "Repair or delete that line; only a torn last line is put right by itself."
const lines = (...middle: unknown[]) => Buffer.concat([one!, Buffer.from(jsonLines(middle)), three!])

test.each([
  ["a list", lines([1, 2]), "line 2 is not a record that can be read: it is no object"],
  ["no record, with an id", lines({ id: "x", text: "?" }), 'line 2 (id x) is not a record .*: "schema" is missing'],
  [
    "another record",
    lines({ ...verdict("b"), schema: "swirl.metric/1" }),
    'line 2 \\(id b\\) .* text "swirl.metric/1"',
  ],
  ["a broken line in the middle", Buffer.concat([one!, Buffer.from("{\n"), three!]), "line 2 is not .*: Expected"],
  ["zeros in the middle", Buffer.concat([one!, Buffer.from("\0\0\n"), three!]), "line 2 is not .*\\\\u0000"],
  [
    "bytes that are no UTF-8",
    Buffer.concat([one!, Buffer.from(two!.toString("latin1"), "latin1").fill(0xff, 30, 31)]),
    "",
  ],
  ["UTF-16", Buffer.from(`${one}`, "utf16le"), "line 1 is not a record"],
  ["a text, which is no torn record", "Dear reader", "line 1 is not a record"],
  ["a whole last line that is no JSON", Buffer.concat([one!, Buffer.from("{}}\n")]), "line 2 is not a record"],
])("%s is refused with file and line", async (_what, bytes, says) => {
  const message = await refusal(bytes)
  expect(message).toMatch(new RegExp(`^FILE, ${says.replace("(id x)", "\\(id x\\)")}`))
  expect(message).toContain(repair)
  expect(message).not.toMatch(/\p{Cc}/u)
})

test("a record of a newer version says so, by whom the folder was made, and what to do", async () => {
  for (const bytes of [lines(newer), Buffer.concat([one!, Buffer.from(jsonLines([newer]))])]) {
    expect(await refusal(bytes)).toBe(
      'FILE, line 2 (id b) is of a newer version of swirl-ts: it is "swirl.verdict/2", and this version reads "swirl.verdict/1". Update this one, e.g. npm install @swirl-ts/cli@latest, or use another folder (--run). Nothing was changed.',
    )
    expect(await refusal(bytes, { "run.json": { ...run, makers } })).toContain("of swirl-ts (made by 2.7.0): it is")
  }
})

test.each([
  [
    "of a newer version",
    { ...run, schema: "swirl.run/2", makers },
    "is of a newer version of swirl-ts (made by 2.7.0)",
  ],
  ["with a field that is none", { ...run, digests: 7 }, '"digests" cannot be used: it should be an object'],
  ["of zeros", "\0".repeat(50), "is not a record that can be read: Unexpected token '\\u0000'"],
  ["cut off", '{"schema": "swi', "Repair it, or use another folder (--run)."],
])("a run.json %s is refused", async (_what, content, says) => {
  const folder = temporaryFolder({ "run.json": content })
  const before = folderDigests(folder)
  for (const open of [() => openRun(folder, { spec: { eval: {} } }), () => readRun(folder)]) {
    const error = (await open().catch((caught: unknown) => caught)) as { kind: string; message: string }
    expect([error.kind, error.message]).toEqual(["usage", expect.stringContaining(`${folder}/run.json`)])
    expect(error.message).toContain(says)
  }
  expect(folderDigests(folder)).toEqual(before)
})

test("what a later version says more in run.json is kept when this one writes it", async () => {
  const later = { ...run, licence: "MIT", makers: { a: [{ ...makers["eval/x"][0], country: "NO" }] } }
  const folder = temporaryFolder({ "run.json": later })
  const opened = await openRun(folder, { spec: { eval: { model: "nano" } } })
  await opened.close()
  expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({
    ...later,
    spec: { eval: { model: "nano" } },
    specHash: expect.any(String),
  })
})

test("zeros at the end, a byte order mark and Windows line ends lose no record and add none", async () => {
  const whole = Buffer.concat([one!, two!])
  const path = join(temporaryFolder(), "verdicts.jsonl")
  const torn = three!.subarray(0, 20)
  const zeros = Buffer.alloc(300)
  for (const bytes of [
    Buffer.concat([whole, torn]),
    Buffer.concat([whole, zeros]),
    Buffer.concat([whole, torn, zeros]),
    Buffer.concat([whole, torn, zeros, Buffer.from("\n")]),
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), whole]),
    Buffer.from(whole.toString("utf8").replaceAll("\n", "\r\n")),
  ]) {
    writeFileSync(path, bytes)
    const file = await openRecordFile(path, VerdictSchema)
    expect([...file.ids]).toEqual(["a", "b"])
    expect(await file.get("a")).toEqual(verdict("a"))
    await file.append(VerdictSchema.parse(verdict("c")))
    await file.close()
    const ids = (await Array.fromAsync(readRecords(path, VerdictSchema))).map(({ id }) => id)
    expect(ids).toEqual(["a", "b", "c"])
  }
})

test("a document with a byte order mark is read", async () => {
  const folder = temporaryFolder({ "run.json": `\ufeff${JSON.stringify(run)}`, "x.json": "{}" })
  expect(await readRun(folder)).toMatchObject({ id: "r" })
  await expect(readDocument(join(folder, "x.json"), EvalSampleSchema)).rejects.toThrow(
    '"schema" is missing. Repair it, or delete it and run what wrote it again.',
  )
})
