import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { readRecords } from "../index.ts"

const fixture = (codec: string): string => fileURLToPath(new URL(`../../fixtures/${codec}.parquet`, import.meta.url))
const values = async (file: string) => (await Array.fromAsync(readRecords(file))).map(({ value }) => value)
const fileOf = (bytes: Buffer): string => join(temporaryFolder({ "data.parquet": bytes }), "data.parquet")
/** What reading these bytes throws. */
const refusal = async (bytes: Buffer): Promise<{ message: string; kind: string }> =>
  values(fileOf(bytes)).then(
    (rows) => ({ message: `read ${rows.length}`, kind: "" }),
    ({ message, kind }) => ({ message, kind }),
  )

test("every codec that writers use gives the same rows: nulls, dictionaries, lists and text that does not compress", async () => {
  const plain = await values(fixture("none"))
  expect(plain).toHaveLength(12)
  expect(plain[4]).toMatchObject({ id: "q4", question: "How many is 4 + 4? ", answer: null, titles: ["Łódź 0"] })
  for (const codec of ["snappy", "gzip", "brotli", "zstd", "lz4"])
    expect([codec, await values(fixture(codec))]).toEqual([codec, plain])
})

describe("a file that cannot be read", () => {
  test("is broken where its bytes are, whatever the codec, and is to be had again", async () => {
    for (const codec of ["snappy", "gzip", "brotli", "zstd", "lz4"]) {
      const bytes = readFileSync(fixture(codec))
      // The pages of the first column, never the footer.
      const torn = Buffer.from(bytes)
      torn.fill(0xff, 30, 90)
      // The first page's header: a field of a kind that Thrift does not have.
      const header = Buffer.from(bytes)
      header[4] = 0x1f
      for (const broken of [torn, header, bytes.subarray(0, bytes.length / 2), bytes.subarray(0, 6)]) {
        const { message, kind } = await refusal(broken)
        expect([codec, message]).toEqual([
          codec,
          expect.stringMatching(/data\.parquet is a broken Parquet file: .+\. Download it again/),
        ])
        expect(kind).toBe("usage")
      }
    }
  })

  test("is unsupported where its codec is, and is to be written anew; nothing says that it is broken", async () => {
    const bytes = readFileSync(fixture("snappy"))
    // Field 4 of a column's metadata is its codec, as a zigzag number: Snappy is 1, LZO 3, and 20 is none yet.
    const column = Buffer.from("\x19\x18\x02id\x15\x02", "latin1")
    const at = bytes.indexOf(column) + column.length - 1
    for (const [codec, name] of [
      [3, "LZO"],
      [20, "a codec of a later Parquet version"],
    ] as const) {
      const other = Buffer.from(bytes)
      other[at] = 2 * codec
      const { message, kind } = await refusal(other)
      expect(message).toContain(
        `its column id is compressed by ${name}. Write it anew with one of UNCOMPRESSED, SNAPPY`,
      )
      expect(message).not.toMatch(/is a broken|[Dd]ownload/)
      expect(kind).toBe("usage")
    }
  })
})
