import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ended, jsonLines, startChild, temporaryFolder, until } from "@swirl-ts/test-support"
import fc from "fast-check"
import { expect, it } from "vitest"
import { z } from "zod"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ id: z.string(), text: z.string() })
const idsOf = async (path: string): Promise<string[]> =>
  (await Array.fromAsync(readRecords(path, Schema))).map(({ id }) => id)
/** A few of these are worth writing a file anew for. */
const long = "é".repeat(200_000)

it("keeps what is not dropped, in order, whatever is dropped when, and reads it from where it has moved to", async () => {
  const folder = temporaryFolder()
  let number = 0
  const action = fc.record({ append: fc.nat(9), drop: fc.array(fc.nat(9), { maxLength: 3 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(action, { maxLength: 12 }), { maxLength: 3 }), async (sessions) => {
      const path = join(folder, `${number++}.jsonl`)
      const expected = new Map<string, string>()
      for (const [session, actions] of sessions.entries()) {
        const file = await openRecordFile(path, Schema)
        for (const [place, { append, drop }] of actions.entries()) {
          const text = `${session}.${place} ${long}`
          const appended = file.append({ id: `${append}`, text })
          if (!expected.has(`${append}`)) expected.set(`${append}`, text)
          const ids = drop.map(String).filter((id) => id !== `${append}`)
          file.drop(ids)
          for (const id of ids) expected.delete(id)
          const [id, kept] = [...expected].at(-1) ?? []
          if (id !== undefined) expect((await file.get(id))?.text === kept).toBe(true)
          await appended
        }
        expect(file.size).toBe(expected.size)
        await file.close()
      }
      const read = existsSync(path) ? await Array.fromAsync(readRecords(path, Schema)) : []
      expect(read.map(({ id }) => id)).toEqual([...expected.keys()])
      expect(read.every(({ id, text }) => text === expected.get(id))).toBe(true)
    }),
    { numRuns: 15 },
  )
})

it("stays small while records come and go", async () => {
  const path = join(temporaryFolder(), "a.jsonl")
  const file = await openRecordFile(path, Schema, { isDropped: () => false })
  let largest = 0
  for (let index = 0; index < 100; index++) {
    await file.append({ id: `${index}`, text: "x".repeat(100_000) })
    if (index >= 3) file.drop([`${index - 3}`])
    expect(file.size).toBeLessThanOrEqual(4)
    largest = Math.max(largest, statSync(path).size)
  }
  expect(largest).toBeLessThan(1_700_000)
  await file.close()
  expect(await idsOf(path)).toEqual(["97", "98", "99"])
})

it("is gone when it is closed empty, where its records are for a while only", async () => {
  const path = join(temporaryFolder({ "a.jsonl": jsonLines([{ id: "a", text: "x" }]) }), "a.jsonl")
  const file = await openRecordFile(path, Schema, { isDropped: ({ id }) => id === "a" })
  expect([file.has("a"), file.size]).toEqual([false, 0])
  await file.close()
  expect(existsSync(path)).toBe(false)
  const again = await openRecordFile(path, Schema)
  await again.close()
  expect(existsSync(path)).toBe(true)
})

it("loses nothing that was acknowledged and not dropped, wherever it is killed", async () => {
  const folder = temporaryFolder()
  const path = join(folder, "a.jsonl")
  const acknowledged: string[] = []
  for (let round = 0; round < 6; round++) {
    const child = startChild(new URL("../test/drop-child.ts", import.meta.url), path, `${round}`)
    await until(() => child.output().split("\n").length > 40 + 7 * round)
    child.kill("SIGKILL")
    await ended(child)
    acknowledged.push(...child.output().split("\n").slice(0, -1))
    if (round === 3) writeFileSync(join(folder, ".a.jsonl.1.00.tmp"), '{"half":')
    const ids = new Set(await idsOf(path))
    expect(acknowledged.filter((id) => id.endsWith("0") && !ids.has(id))).toEqual([])
  }
  // Written anew meanwhile, or it would hold them all.
  expect(statSync(path).size).toBeLessThan((50_000 * acknowledged.length) / 2)
  await (await openRecordFile(path, Schema)).close()
  expect(readdirSync(folder)).toEqual(["a.jsonl"])
}, 60_000)
