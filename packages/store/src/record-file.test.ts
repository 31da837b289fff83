import { appendFile, mkdir, open, readFile, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ended, startChild, temporaryFolder, until } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { z } from "zod"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ id: z.string(), text: z.string() })
type Sample = z.infer<typeof Schema>

async function all(path: string): Promise<Sample[]> {
  return Array.fromAsync(readRecords(path, Schema))
}

describe("appending", () => {
  it("keeps every record once, in order, whatever is appended twice and however often the file is opened again", async () => {
    const folder = temporaryFolder()
    let number = 0
    const id = fc.constantFrom("a", "b", "c", "d", "é", "\u2028", 'x"y')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(id, { maxLength: 6 }), { maxLength: 4 }), async (sessions) => {
        const path = join(folder, `${number++}.jsonl`)
        const expected = new Map<string, Sample>()
        for (const [session, ids] of sessions.entries()) {
          const file = await openRecordFile(path, Schema)
          const records = ids.map((id, place) => ({ id, text: `${session}.${place}\n\t"` }))
          for (const record of records) if (!expected.has(record.id)) expected.set(record.id, record)
          await Promise.all(records.map((record) => file.append(record)))
          expect([...file.ids]).toEqual([...expected.keys()])
          for (const record of records) expect(await file.get(record.id)).toEqual(expected.get(record.id))
          await file.close()
        }
        expect(await all(path)).toEqual([...expected.values()])
      }),
      { numRuns: 40 },
    )
  })

  it("shares one fsync among appends that come together", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    const file = await openRecordFile(path, Schema)
    const handle = await open(path, "r")
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as { datasync(): Promise<void> }, "datasync")
    await Promise.all(Array.from({ length: 64 }, (_, index) => file.append({ id: `${index}`, text: "" })))
    expect(sync.mock.calls.length).toBeGreaterThan(0)
    expect(sync.mock.calls.length).toBeLessThanOrEqual(2)
    sync.mockRestore()
    await handle.close()
    await file.close()
  })

  it("resolves only when the bytes are in the file", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    const file = await openRecordFile(path, Schema)
    await file.append({ id: "a", text: "x" })
    expect(await readFile(path, "utf8")).toBe('{"id":"a","text":"x"}\n')
    const first = file.append({ id: "b", text: "y" })
    await file.append({ id: "b", text: "again" })
    expect(await readFile(path, "utf8")).toContain('"y"')
    await first
    await file.close()
  })

  it("refuses a record that could not be read again", async () => {
    const file = await openRecordFile(join(temporaryFolder(), "a.jsonl"), z.object({ id: z.string(), n: z.number() }))
    await expect(file.append({ id: "a", n: Number.NaN })).rejects.toThrow(
      /not valid and was not written: "n" cannot be used/,
    )
    expect(file.has("a")).toBe(false)
    await file.close()
  })

  it("writes nothing before commit in block mode, and everything at once then", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    const file = await openRecordFile(path, Schema, { mode: "block" })
    await file.append({ id: "a", text: "" })
    await file.append({ id: "b", text: "" })
    await file.append({ id: "a", text: "again" })
    expect(await readFile(path, "utf8")).toBe("")
    await file.commit()
    expect(await all(path)).toHaveLength(2)
    await file.close()
  })

  it("takes another idea of identity, for records without an id", async () => {
    const path = join(temporaryFolder(), "metrics.jsonl")
    const schema = z.object({ step: z.int() })
    const options = { idOf: (record: { step: number }) => String(record.step) }
    const file = await openRecordFile(path, schema, options)
    await file.append({ step: 1 })
    await file.append({ step: 1 })
    expect(file.size).toBe(1)
    await file.close()
  })
})

describe("opening what a kill left behind", () => {
  it("cuts off the torn last line and nothing else, wherever the kill came", async () => {
    const folder = temporaryFolder()
    const lines = ["a", "ä", "c"].map((id) => JSON.stringify({ id, text: `é${id}` }))
    const bytes = Buffer.from(`${lines.join("\n")}\n`)
    for (let length = 0; length <= bytes.length; length++) {
      const path = join(folder, `${length}.jsonl`)
      await writeFile(path, bytes.subarray(0, length))
      const whole = bytes
        .subarray(0, length)
        .toString("utf8")
        .split("\n")
        .filter((line) => lines.includes(line))
      expect(await all(path)).toHaveLength(whole.length)
      const file = await openRecordFile(path, Schema)
      expect(file.size).toBe(whole.length)
      await file.append({ id: "new", text: "" })
      await file.close()
      expect(await readFile(path, "utf8")).toBe([...whole, '{"id":"new","text":""}', ""].join("\n"))
    }
  })

  it("says file and line of a broken line in the middle, and leaves the file as it is", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    const text = '{"id":"a","text":""}\n{"id":"b",\n{"id":"c","text":""}\n'
    await writeFile(path, text)
    await expect(openRecordFile(path, Schema)).rejects.toThrow(`${path}, line 2`)
    expect(await readFile(path, "utf8")).toBe(text)
  })

  it("says which field is wrong in a line that is JSON, also in the last one", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    await writeFile(path, '{"id":"a","text":""}\n{"id":"b","text":7}\n')
    await expect(all(path)).rejects.toThrow(
      /line 2 .*: "text" cannot be used: it should be a text, but is the number 7\./,
    )
  })

  it("loses no acknowledged record and doubles none under kill -9", async () => {
    const path = join(temporaryFolder(), "killed.jsonl")
    const acknowledged: string[] = []
    for (const round of [0, 1, 2]) {
      const child = startChild(new URL("../test/append-child.ts", import.meta.url), path, `round${round}`)
      await until(() => child.output().length > 2000 * (round + 1))
      child.kill("SIGKILL")
      await ended(child)
      acknowledged.push(...child.output().split("\n").slice(0, -1))
      // As if the kill had come in the middle of a write.
      if (round === 1) await appendFile(path, '{"id":"torn","te')
    }
    const file = await openRecordFile(path, Schema)
    expect(acknowledged.filter((id) => !file.has(id))).toEqual([])
    await file.close()
    const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1)
    expect(new Set(lines.map((line) => (JSON.parse(line) as Sample).id)).size).toBe(lines.length)
  })
})

describe("failing", () => {
  it("says in a sentence that a folder stands where the file belongs", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    await mkdir(path)
    await expect(openRecordFile(path, Schema)).rejects.toThrow(/folder|not a file/)
  })

  it("refuses a device instead of reading it without end", async () => {
    await expect(openRecordFile("/dev/zero", Schema)).rejects.toThrow("not a file")
  })

  it("notices a file that was cut short by someone else rather than handing out other bytes", async () => {
    const path = join(temporaryFolder(), "a.jsonl")
    const file = await openRecordFile(path, Schema)
    await file.append({ id: "a", text: "x" })
    await truncate(path, 3)
    await expect(file.get("a")).rejects.toThrow(path)
    await file.close()
  })
})

it("reads 100,000 records without holding them", async () => {
  const path = join(temporaryFolder(), "big.jsonl")
  const line = (index: number): string => `${JSON.stringify({ id: `${index}`, text: "x".repeat(200) })}\n`
  await writeFile(path, Array.from({ length: 100_000 }, (_, index) => line(index)).join(""))
  let count = 0
  for await (const record of readRecords(path, Schema)) count += record.text.length / 200
  expect(count).toBe(100_000)
})
