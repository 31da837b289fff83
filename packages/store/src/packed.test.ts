/** Records that are kept compressed: read as if they were not, and never written. */
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { z } from "zod"
import { sampleFiles } from "./evaluations.ts"
import { hasRecord, readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ id: z.string(), text: z.string() })
const records = Array.from({ length: 5000 }, (_, index) => ({ id: `${index}`, text: "é".repeat(index % 97) }))

it("are read under the name of the file that they are a copy of, which goes first where it is there", async () => {
  const directory = temporaryFolder({ "plain.jsonl": jsonLines(records) })
  const path = join(directory, "packed.jsonl")
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(join(directory, "plain.jsonl"))))
  expect(await Array.fromAsync(readRecords(path, Schema))).toEqual(records)
  expect(await hasRecord(path, Schema)).toBe(true)
  writeFileSync(path, jsonLines(records.slice(0, 1)))
  expect(await Array.fromAsync(readRecords(path, Schema))).toEqual(records.slice(0, 1))
  expect((await sampleFiles(directory)).map((file) => file.slice(directory.length + 1))).toEqual([
    "packed.jsonl",
    "plain.jsonl",
  ])
})

it("take no record, which is said with what to do", async () => {
  const directory = temporaryFolder({ "a.jsonl.gz": gzipSync(jsonLines(records)) })
  await expect(openRecordFile(join(directory, "a.jsonl"), Schema)).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(/a\.jsonl\.gz is a compressed copy.*Unpack it first: gunzip /),
  })
})

it("that are torn or not compressed at all are named", async () => {
  const whole = gzipSync(jsonLines(records))
  for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from("plain")]) {
    const directory = temporaryFolder({ "a.jsonl.gz": bytes })
    await expect(Array.fromAsync(readRecords(join(directory, "a.jsonl"), Schema))).rejects.toThrow(/a\.jsonl\.gz/)
    rmSync(directory, { recursive: true })
  }
})
