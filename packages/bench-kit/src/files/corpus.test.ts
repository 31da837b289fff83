import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Passage } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fileCorpus } from "../index.ts"

test("equal passages once, in order; the id is the files' content; a small corpus is read once, a large one again", async () => {
  const folder = temporaryFolder()
  const [one, copy, other] = ["one", "copy", "other"].map((name) => join(folder, name)) as [string, string, string]
  for (const [file, text] of [
    [one, "x"],
    [copy, "x"],
    [other, "y"],
  ] as const)
    await writeFile(file, text)
  const passage = (title: string, text: string): Passage => ({ title, text })
  let readings = 0
  const corpus = (file: string, size = 1) =>
    fileCorpus("c", [file], async function* () {
      readings++
      for (const title of ["a", "b", "a", ""]) yield passage(title, title && "t".repeat(size))
      yield passage("ab", "")
    })
  const small = corpus(one)
  const read = async (from: typeof small) => {
    const titles: string[] = []
    for await (const { title } of from.passages()) titles.push(title)
    return titles
  }
  expect([await read(small), await read(small), readings]).toEqual([["a", "b", "ab"], ["a", "b", "ab"], 1])
  const large = corpus(one, 5e6)
  expect([await read(large), await read(large), readings]).toEqual([["a", "b", "ab"], ["a", "b", "ab"], 3])
  expect(corpus(copy).id).toBe(small.id)
  expect(corpus(other).id).not.toBe(small.id)
  expect(() => corpus(join(folder, "absent")).id).toThrow(/ENOENT/)
})

test("files that have changed since the corpus was made are an error, so no id names other passages", async () => {
  const file = join(temporaryFolder({ "one.txt": "x" }), "one.txt")
  const corpus = () =>
    fileCorpus("c", [file], async function* () {
      yield { title: "a", text: "b" }
    })
  const [before, read] = [corpus(), corpus()]
  expect(read.id).toMatch(/^c-/)
  await writeFile(file, "xy")
  expect(() => before.id).toThrow(/one\.txt changed while it was read: it had 1 bytes and has 2 bytes\. Wait/)
  await expect(Array.fromAsync(read.passages())).rejects.toThrow(/one\.txt changed while it was read/)
  expect(corpus().id).not.toBe(read.id)
})
