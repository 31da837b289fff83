import { join } from "node:path"
import { AttemptSchema } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { z } from "zod"
import { retireRecords } from "./attempts.ts"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ id: z.string(), status: z.enum(["ok", "error"]), text: z.string() })

it("moves failed records to the attempts and leaves one final record a sample", async () => {
  const folder = temporaryFolder()
  const path = join(folder, "a.jsonl")
  const attempts = join(folder, "attempts.jsonl")
  const record = (index: number, status: "ok" | "error") => ({ id: `${index}`, status, text: "x".repeat(1000) })
  const file = await openRecordFile(path, Schema)
  await Promise.all(
    Array.from({ length: 500 }, (_, index) => file.append(record(index, index % 5 === 0 ? "error" : "ok"))),
  )
  await file.close()

  expect(await retireRecords(path, Schema, ({ status }) => status === "error", attempts)).toBe(100)
  expect(await retireRecords(path, Schema, ({ status }) => status === "error", attempts)).toBe(0)

  const again = await openRecordFile(path, Schema)
  expect(again.size).toBe(400)
  await again.append(record(0, "ok"))
  await again.close()
  expect(await Array.fromAsync(readRecords(path, Schema))).toHaveLength(401)
  const retired = await Array.fromAsync(readRecords(attempts, AttemptSchema))
  expect(retired).toHaveLength(100)
  expect(retired[0]!.record).toEqual(record(0, "error"))
})

it("repeats harmlessly when it was killed after the copy and before the move", async () => {
  const folder = temporaryFolder()
  const path = join(folder, "a.jsonl")
  const attempts = join(folder, "attempts.jsonl")
  const failed = { id: "1", status: "error" as const, text: "" }
  for (const _ of [0, 1]) {
    const file = await openRecordFile(path, Schema)
    await file.append(failed)
    await file.close()
    await retireRecords(path, Schema, ({ status }) => status === "error", attempts)
  }
  expect(await Array.fromAsync(readRecords(attempts, AttemptSchema))).toHaveLength(1)
})

it("has nothing to do where there is no file", async () => {
  const folder = temporaryFolder()
  expect(await retireRecords(join(folder, "none.jsonl"), Schema, () => true, join(folder, "attempts.jsonl"))).toBe(0)
})
