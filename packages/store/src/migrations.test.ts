import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { z } from "zod"
import { type Migrations, migrate } from "./migrations.ts"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ schema: z.literal("test.fruit/3"), id: z.string(), colours: z.array(z.string()) })
const migrations: Migrations = {
  "test.fruit/1": ({ color, ...rest }) => ({ ...rest, schema: "test.fruit/2", colour: color }),
  "test.fruit/2": ({ colour, ...rest }) => ({ ...rest, schema: "test.fruit/3", colours: [colour] }),
}
const lines = [
  { schema: "test.fruit/1", id: "a", color: "red" },
  { schema: "test.fruit/2", id: "b", colour: "green" },
  { schema: "test.fruit/3", id: "c", colours: ["blue"] },
]

it("brings old majors up to date on read, step by step, and leaves the file alone", async () => {
  const path = join(temporaryFolder(), "fruit.jsonl")
  const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`
  await writeFile(path, text)
  const read = await Array.fromAsync(readRecords(path, Schema, { migrations }))
  expect(read.map((fruit) => fruit.colours)).toEqual([["red"], ["green"], ["blue"]])
  const file = await openRecordFile(path, Schema, { migrations })
  expect(await file.get("a")).toEqual({ schema: "test.fruit/3", id: "a", colours: ["red"] })
  await file.close()
  expect(await readFile(path, "utf8")).toBe(text)
})

it("names the schema of a record that nobody can migrate", async () => {
  const path = join(temporaryFolder(), "fruit.jsonl")
  await writeFile(path, `${JSON.stringify({ ...lines[2], schema: "test.fruit/4" })}\n`)
  await expect(Array.fromAsync(readRecords(path, Schema, { migrations }))).rejects.toThrow(/line 1 .*"test.fruit\/4"/)
})

it("does not run in circles", () => {
  const circle: Migrations = { "x/1": (record) => ({ ...record, schema: "x/1" }) }
  expect(() => migrate({ schema: "x/1" }, circle)).toThrow("leads back to itself")
})
