import { spawnSync } from "node:child_process"
import { appendFile, copyFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type DatasetRecord, parseDocument, parseRecords, readRecords } from "../index.ts"

const parquet = fileURLToPath(new URL("../../../bench-gsm8k/fixtures/five.parquet", import.meta.url))

async function fileOf(content: string | Uint8Array): Promise<string> {
  const file = join(temporaryFolder(), "data.bin")
  await writeFile(file, content)
  return file
}
async function all(file: string, options?: { at?: string }): Promise<DatasetRecord[]> {
  const records: DatasetRecord[] = []
  for await (const record of readRecords(file, options)) records.push(record)
  return records
}
const values = (records: DatasetRecord[]) => records.map(({ value }) => value)

describe("what a file is, by its content", () => {
  test("array, pretty array, object with an array, lines, with byte order mark and CRLF: the same records", async () => {
    const rows = [{ a: "é\u2028[{" }, { a: [1, { b: null }] }, { a: "" }]
    for (const text of [
      JSON.stringify(rows),
      `\ufeff\n ${JSON.stringify(rows, null, 2)}\n`,
      `{"version": "1.0", "data": ${JSON.stringify(rows)}}`,
      rows.map((row) => `${JSON.stringify(row)}\r\n\n`).join(""),
    ]) {
      expect(values(await all(await fileOf(text), { at: "data" }))).toEqual(rows)
      expect(values(parseRecords(text, "text", { at: "data" }))).toEqual(rows)
    }
  })
  test("Parquet under any name", async () => {
    const file = join(temporaryFolder(), "data.json")
    await copyFile(parquet, file)
    const records = await all(file)
    expect(records).toHaveLength(5)
    expect(records[1]).toEqual({
      where: `${file}, row 1`,
      value: expect.objectContaining({ question: expect.any(String) }),
    })
  })
  test("any JSON values come back as they were, in order, from a stream and from a text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 6 }), async (rows) => {
        const text = JSON.stringify(rows)
        const expected = JSON.parse(text) as unknown[]
        expect(values(await all(await fileOf(text)))).toEqual(expected)
        expect(values(parseRecords(text, "text"))).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })
})

test("text survives the places where reading from disk is cut: long, of many bytes a letter, escaped, odd keys", async () => {
  const rows = [1, 2, 3].flatMap((shift) => [
    { a: "x".repeat(shift) + 'é漢😀\u2028\\"'.repeat(40_000), "": -0.1e-7 },
    JSON.parse('{"__proto__": {"b": "\\ud83d"}, "constructor": 1}') as unknown,
  ])
  const array = values(await all(await fileOf(JSON.stringify(rows))))
  expect(JSON.stringify(array)).toBe(JSON.stringify(rows))
  const lines = values(await all(await fileOf(rows.map((row) => JSON.stringify(row)).join("\n"))))
  expect(JSON.stringify(lines)).toBe(JSON.stringify(rows))
})

describe("broken input names file and place", () => {
  test.each([
    ['[{"a": 1}, {"a": 2', /is cut off, after 1 whole entries and 18 bytes/],
    ['[{"a": 1} {"a": 2}]', /is broken JSON .*after 1 whole entries/],
    ['[{"a": 1}] x', /is broken JSON/],
    ['{"a": 1}\n{"a": ', /line 2 is not JSON/],
    [new Uint8Array([91, 34, 255, 34, 93]), /is not UTF-8 text/],
    [new Uint8Array([123, 34, 255, 34, 125]), /line 1 is not UTF-8 text/],
    ["PAR1 but no more", /broken Parquet file/],
  ])("%j", async (content, message) => {
    const file = await fileOf(content)
    await expect(all(file)).rejects.toThrow(message)
    await expect(all(file)).rejects.toThrow(file)
  })
  test("a file that is not there", async () => {
    await expect(all("/nowhere/data.json")).rejects.toThrow(/\/nowhere\/data\.json cannot be read/)
  })
  test("a text's line or entry", () => {
    expect(() => parseRecords('{"a":1}\n{', "gold")).toThrow(/^gold, line 2 is not JSON/)
    expect(() => parseRecords("[1, 2", "gold")).toThrow(/^gold is not JSON/)
  })
})

describe("a file that changes while it is read", () => {
  const changes: [string, (file: string) => Promise<void>, RegExp][] = [
    ["a line more", (file) => appendFile(file, '{"a":3}\n'), /it had 16 bytes and has 24 bytes\. Wait/],
    ["other content of the same size", (file) => writeFile(file, '{"a":7}\n{"a":8}\n'), /changed while it was read/],
    ["cut short", (file) => truncate(file, 3), /changed while it was read/],
    ["taken away", (file) => rm(file), /it had 16 bytes and is gone/],
  ]
  test.each(changes)("%s: is refused, by its name and the last record", async (_what, change, message) => {
    const file = await fileOf('{"a":1}\n{"a":2}\n')
    const old = new Date(Date.now() - 60_000)
    await utimes(file, old, old)
    const read = async () => {
      for await (const { where } of readRecords(file)) if (where.endsWith("line 1")) await change(file)
    }
    await expect(read()).rejects.toThrow(message)
    await expect(all(await fileOf('{"a":1}\n'))).resolves.toHaveLength(1)
  })

  test("is refused also where no more of it is wanted, as with a limit", async () => {
    const file = await fileOf('{"a":1}\n{"a":2}\n{"a":3}\n')
    const first = async (change: () => Promise<void>) => {
      for await (const { where } of readRecords(file)) {
        await change()
        return where
      }
    }
    expect(await first(async () => {})).toBe(`${file}, line 1`)
    await expect(first(() => appendFile(file, '{"a":4}\n'))).rejects.toThrow(/line 1: it had 24 bytes and has 32/)
  })
})

test.each([
  [gzipSync('{"a":1}'), /data\.bin is compressed by gzip, which is not read here\. Unpack it: gunzip/],
  [zstdCompressSync('{"a":1}'), /compressed by Zstandard/],
  [Buffer.from("PK\x03\x04 and more"), /a ZIP archive/],
  [Buffer.from("ARROW1\0\0"), /Feather.*Write it as Parquet/],
  [Buffer.from("PARE"), /an encrypted Parquet file/],
  [Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), /a pointer of Git LFS.*git lfs pull/],
])("what is no data set's file is told by its first bytes, with what to do (%#)", async (content, message) => {
  await expect(all(await fileOf(content))).rejects.toThrow(message)
})

test("one object over several lines is one record", () => {
  expect(values(parseRecords('{\n "q1": "a"\n}\n', "predictions"))).toEqual([{ q1: "a" }])
  expect(values(parseRecords(' {"answer": {"q1": "a"},\r\n "sp": {}}', "predictions"))).toEqual([
    { answer: { q1: "a" }, sp: {} },
  ])
  expect(() => parseRecords('{"answer": {},\n "sp": {', "predictions")).toThrow(/^predictions, line 1 is not JSON/)
})

test("lines end and are blank as Python's are", () => {
  const lines = '{"a":1}\u00a0\r{"a":2}\u3000\n\x1c\n\x85{"a":3}\r\n'
  expect(values(parseRecords(lines, "gold"))).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
})

test("an object's array is found behind a head of any length; what is none is named", () => {
  const long = JSON.stringify({ version: "v".repeat(5000), data: [{ id: "q" }] })
  expect(values(parseRecords(long, "gold", { at: "data" }))).toEqual([{ id: "q" }])
  for (const data of [null, {}, "abc"]) {
    expect(() => parseRecords(JSON.stringify({ data }), "gold", { at: "data" })).toThrow(/^gold: "data" is no list/)
  }
})

test("Python's NaN and Infinity are numbers, but not inside strings; a cut-off document says how far it goes", () => {
  expect(parseDocument('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" Infinity"}', "x")).toEqual({
    a: Number.NaN,
    b: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    c: 'NaN " Infinity',
  })
  expect(() => parseDocument('{"a": 1,\n"b": 2', "x")).toThrow(/^x is not JSON: .*(line 2|2 lines)/)
})

test("memory does not grow with a file: 60 MB pass through a process that may have a heap of 32 MB", async () => {
  const row = JSON.stringify({
    question: "q",
    context: Array.from({ length: 40 }, (_, i) => [`title ${i}`, "text ".repeat(20)]),
  })
  const file = await fileOf(`[${Array.from({ length: 12_000 }, () => row).join(",")}]`)
  const script = `
    import { readRecords } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)}
    let count = 0
    for await (const { value } of readRecords(${JSON.stringify(file)})) if (value !== undefined) count++
    console.log(count, process.resourceUsage().maxRSS)`
  const options = ["--max-old-space-size=32", "--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
  const run = spawnSync(process.execPath, [...options, "--input-type=module", "--eval", script], { encoding: "utf8" })
  expect(run.stderr).toBe("")
  const [count, kilobytes] = run.stdout.split(" ").map(Number)
  expect(count).toBe(12_000)
  expect(kilobytes).toBeLessThan(300_000)
  expect((await stat(file)).size).toBeGreaterThan(55e6)
}, 60_000)
