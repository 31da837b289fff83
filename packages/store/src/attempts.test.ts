import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { AttemptSchema } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { z } from "zod"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ id: z.string(), status: z.enum(["ok", "error"]), text: z.string() })
const record = (index: number, status: "ok" | "error", text = "é".repeat(1000)) => ({ id: `${index}`, status, text })
const every = Array.from({ length: 500 }, (_, index) => record(index, index % 5 === 0 ? "error" : "ok"))

/** A folder with a hundred failures among five hundred records, and how they are tried again there. */
function failures() {
  const folder = temporaryFolder({ "a.jsonl": jsonLines(every) })
  const [path, attempts] = [join(folder, "a.jsonl"), join(folder, "attempts.jsonl")]
  const when = ({ status }: { status: string }): boolean => status === "error"
  const opened = () => openRecordFile(path, Schema, { retry: { when, attempts } })
  const all = () => Array.fromAsync(readRecords(path, Schema))
  return { folder, path, opened, all, attempts: () => Array.fromAsync(readRecords(attempts, AttemptSchema)) }
}

it("takes failures for not there, and leaves those alone that are not tried again", async () => {
  const { folder, path, opened } = failures()
  const before = await readFile(path, "utf8")
  const file = await opened()
  expect([file.size, file.has("0"), await file.get("5"), file.has("1")]).toEqual([500, false, undefined, true])
  await file.close()
  expect(await readFile(path, "utf8")).toBe(before)
  expect(await readdir(folder)).toEqual(["a.jsonl"])
})

it("moves a failure to the attempts once it has a successor, whatever that is", async () => {
  const { opened, all, attempts } = failures()
  const file = await opened()
  await Promise.all([file.append(record(0, "ok", "now")), file.append(record(495, "error", "again"))])
  expect([file.size, file.has("0"), file.has("495"), file.has("5")]).toEqual([500, true, true, false])
  await file.append(record(1, "ok", "in vain"))
  await file.close()
  const now = [record(0, "ok", "now"), record(495, "error", "again")]
  expect(await all()).toEqual([...every.filter(({ id }) => id !== "0" && id !== "495"), ...now])
  expect((await attempts()).map((attempt) => attempt.record)).toEqual([every[0], every[495]])
})

it("goes on after a kill between the successor and the move, and moves nothing twice", async () => {
  const { path, opened, all, attempts } = failures()
  const killed = await openRecordFile(path, Schema, { idOf: () => undefined })
  await killed.append(record(0, "error", "second"))
  await killed.append(record(0, "ok", "third"))
  await killed.append(record(5, "error", "second"))
  await killed.close()
  for (const _ of [0, 1]) {
    const file = await opened()
    expect([file.size, (await file.get("0"))?.text, file.has("5")]).toEqual([500, "third", false])
    await file.close()
    expect((await all()).length).toBe(500)
    expect((await attempts()).map((attempt) => attempt.record)).toEqual([
      every[0],
      every[5],
      record(0, "error", "second"),
    ])
  }
})
