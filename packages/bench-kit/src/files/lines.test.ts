import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterEach, expect, test } from "vitest"
import { readLines } from "./lines.ts"

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})
async function linesOf(content: string | Uint8Array): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "swirl-lines-"))
  folders.push(folder)
  const file = join(folder, "data.txt")
  await writeFile(file, content)
  return Array.fromAsync(readLines(file))
}

test("lines are what stands between line feeds, the last one where it is not empty", async () => {
  const line = fc
    .tuple(fc.constantFrom("", "a\r", "é漢😀\u2028", "x"), fc.constantFrom(1, 70_000))
    .map(([text, times]) => text.repeat(times))
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
      const expected = lines.at(-1) === "" ? lines.slice(0, -1) : lines
      expect(await linesOf(`\ufeff${lines.join("\n")}`)).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})

test("a line of 60 MB takes a moment, not the square of it", async () => {
  const [line, ...others] = await linesOf(Buffer.alloc(60e6, 97))
  expect(line).toHaveLength(60e6)
  expect(others).toEqual([])
}, 5000)
