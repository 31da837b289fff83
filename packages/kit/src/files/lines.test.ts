import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { expect, it } from "vitest"
import { byteLines, textLines, utf8Lines } from "./lines.ts"

function fileOf(content: string | Uint8Array): string {
  return join(temporaryFolder({ "data.txt": content }), "data.txt")
}

/** Lines short and longer than the pieces that a file is read in, with letters of every length and other separators. */
const lines = fc.array(
  fc
    .tuple(fc.constantFrom("", "a\r", "é漢😀\u2028", "x"), fc.constantFrom(1, 70_000))
    .map(([text, times]) => text.repeat(times)),
  { maxLength: 5 },
)

it("are what stands between line feeds, the last one where it is not empty, without a byte order mark", async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), async (given, marked) => {
      const expected = given.at(-1) === "" ? given.slice(0, -1) : given
      const file = fileOf(`${marked ? "\ufeff" : ""}${given.join("\n")}`)
      expect(await Array.fromAsync(textLines(file))).toEqual(expected)
      expect(await Array.fromAsync(utf8Lines(file))).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

it("have places from which each can be read again, and only the last may be torn", async () => {
  await fc.assert(
    fc.asyncProperty(lines, async (given) => {
      const content = Buffer.from(given.join("\n"))
      const found = await Array.fromAsync(byteLines(fileOf(content)))
      for (const [index, { bytes, number, start, terminated }] of found.entries()) {
        expect(number).toBe(index + 1)
        expect(content.subarray(start, start + bytes.length).equals(bytes)).toBe(true)
        expect(terminated).toBe(content[start + bytes.length] === 0x0a)
        expect(terminated).toBe(index < given.length - 1)
      }
      const ends = found.map(({ start, bytes, terminated }) => start + bytes.length + (terminated ? 1 : 0))
      expect(ends.at(-1) ?? 0).toBe(content.length)
    }),
    { numRuns: 40 },
  )
})

it("that are no UTF-8 are left to the reader, or refused with their number", async () => {
  const parts = ["é", Buffer.from("é", "latin1"), "é", Buffer.from([0xf0, 0x9f])]
  const file = fileOf(Buffer.concat(parts.flatMap((part) => [Buffer.from(part as string), Buffer.from("\n")])))
  expect(await Array.fromAsync(utf8Lines(file))).toEqual(["é", undefined, "é", undefined])
  await expect(Array.fromAsync(textLines(file))).rejects.toThrow(/data\.txt, line 2 is not UTF-8 text/)
})

it("of a file that is not there end in a sentence", async () => {
  await expect(Array.fromAsync(byteLines(join(temporaryFolder(), "none")))).rejects.toThrow(
    /^Could not read .*none: it does/,
  )
  await expect(Array.fromAsync(utf8Lines(temporaryFolder()))).rejects.toThrow(/there is a folder of that name/)
})

it("of 60 MB take a moment, not the square of it", async () => {
  const file = fileOf(Buffer.alloc(60e6, 97))
  const [line, ...others] = await Array.fromAsync(textLines(file))
  expect(line).toHaveLength(60e6)
  expect(others).toEqual([])
  const [bytes, ...more] = await Array.fromAsync(byteLines(file))
  expect(bytes).toMatchObject({ start: 0, terminated: false })
  expect([bytes!.bytes.length, more.length]).toEqual([60e6, 0])
  writeFileSync(file, "\n".repeat(2e6))
  expect(await Array.fromAsync(byteLines(file))).toHaveLength(2e6)
}, 10_000)
