/** A folder is one shard, says so, and takes no other. */
import { type Shard, shardName, TrajectorySchema } from "@swirl-ts/core"
import { readRecords, readRun, runPaths } from "@swirl-ts/store"
import { folderDigests, temporaryFolder } from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import { divided, evaluation, generation, world } from "../../test/divided.ts"
import { evaluateCell } from "../evaluate/evaluate.ts"
import { generate } from "../generate/generate.ts"
import { generateUntilKept } from "../generate/until-kept.ts"
import { judge } from "../judge/judge.ts"
import { folderShard } from "./folder-shard.ts"
import { checkIsShard, takeShard } from "./take-shard.ts"

beforeEach(() => Object.assign(world, { tasks: 22, fails: () => false, judged: 0 }))

const shardOf = async (shard: Shard, folder = temporaryFolder()): Promise<string> => {
  await generate(divided(folder), { ...generation, shard })
  return folder
}
const read = (folder: string) => Array.fromAsync(readRecords(runPaths(folder).trajectories, TrajectorySchema))

test("shards are as large as each other to within one task, hold all samples of theirs, and no task twice", async () => {
  const shards = await Promise.all([1, 2, 3].map((index) => shardOf({ index, count: 3 }).then(read)))
  expect(shards.map(({ length }) => length)).toEqual([16, 14, 14])
  expect(new Set(shards.flat().map(({ id }) => id)).size).toBe(44)
  for (const [place, records] of shards.entries())
    for (const { taskId } of records) expect(Number(taskId.split("/")[1]) % 3).toBe(place)
})

test("run.json says which shard it is and how many trajectories it is to hold", async () => {
  const folder = await shardOf({ index: 2, count: 3 })
  const record = await readRun(folder)
  expect(record!.spec).toMatchObject({ "generate/atlas/towns/train": { shard: "2/3", trajectories: 14 } })
  expect(folderShard(record)).toEqual({ index: 2, count: 3 })
})

test("the same shard is gone on with; another one, or the whole, is refused in its folder and changes nothing", async () => {
  const folder = await shardOf({ index: 1, count: 2 })
  expect(await generate(divided(folder), { ...generation, shard: { index: 1, count: 2 } })).toMatchObject({
    reused: 22,
  })
  const before = folderDigests(folder)
  const refusal = async (work: Promise<unknown>) => (await work.catch((error: Error) => error)) as Error
  for (const [shard, says] of [
    [{ index: 2, count: 2 }, 'shard was "1/2" and is "2/2" now'],
    [{ index: 1, count: 4 }, 'shard was "1/2" and is "1/4" now'],
    [undefined, 'shard was "1/2" and is not set now'],
  ] as const) {
    const error = await refusal(generate(divided(folder), { ...generation, shard }))
    expect(error.message).toContain(says)
    expect(error).toMatchObject({ kind: "usage" })
  }
  const other = await refusal(evaluateCell(divided(folder), { ...evaluation, shard: { index: 2, count: 2 } }))
  expect(other.message).toContain('holds shard 1/2 of "generate/atlas/towns/train", and shard 2/2 of "eval/')
  const whole = await refusal(evaluateCell(divided(folder), evaluation))
  expect(whole.message).toContain("and the whole of")
  expect(folderDigests(folder)).toEqual(before)
  expect(await evaluateCell(divided(folder), { ...evaluation, shard: { index: 1, count: 2 } })).toMatchObject({ n: 11 })
})

test("what cannot be divided so is said", async () => {
  const shard = { index: 2, count: 2 }
  await expect(generate(divided(temporaryFolder()), { ...generation, shard, limit: 1 })).rejects.toThrow(
    "Shard 2/2 of atlas/towns/train has no task: fewer are asked for than there are shards.",
  )
  await expect(generate(divided(temporaryFolder()), { ...generation, shard, ids: ["train/1"] })).rejects.toThrow(
    "--ids names tasks, and --shard divides those of a split.",
  )
  const until = { ...generation, shard, kept: 1, strategy: "none", judge: "votes" }
  await expect(generateUntilKept(divided(temporaryFolder()), until)).rejects.toThrow("--until-kept does not go with")
})

test("trajectories of one process are judged in shards, by all siblings of a question", async () => {
  const whole = temporaryFolder()
  await generate(divided(whole), generation)
  await judge(divided(whole), { judge: "votes" })
  const asked = world.judged
  const parts = await Promise.all(
    [1, 2, 3].map(async (index) => {
      const folder = temporaryFolder()
      const shard = { index, count: 3 }
      await takeShard(whole, folder, shard)
      await takeShard(whole, folder, shard)
      await checkIsShard(folder, shard)
      expect(await judge(divided(folder), { judge: "votes" })).toMatchObject({ unscored: 0, skipped: 0 })
      return read(folder)
    }),
  )
  expect(parts.map(({ length }) => length)).toEqual([16, 14, 14])
  expect(world.judged).toBe(2 * asked)
  expect(
    parts
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual((await read(whole)).map(({ id }) => id).sort())
})

test("a part is taken of a whole run alone, into a folder of its own, and a folder is judged as what it is", async () => {
  const [shard, other] = [
    { index: 1, count: 2 },
    { index: 2, count: 2 },
  ]
  const part = await shardOf(shard)
  const into = temporaryFolder()
  await expect(takeShard(part, into, shard)).rejects.toThrow(
    "is shard 1/2 itself. Judge it as it is: swirl judge --run",
  )
  await expect(takeShard(into, temporaryFolder(), shard)).rejects.toThrow("holds no trajectories. Make some first")
  await expect(takeShard(part, part, shard)).rejects.toThrow("Give another one to take it into")
  await expect(checkIsShard(part, other)).rejects.toThrow(`is shard 1/2, not 2/2. Judge it as that: --shard 1/2`)
  const whole = temporaryFolder()
  await generate(divided(whole), generation)
  await expect(checkIsShard(whole, shard)).rejects.toThrow(
    `is no shard: it holds a whole run. A part of it is judged in a folder of its own: swirl judge --from`,
  )
  await expect(takeShard(whole, into, { index: 1, count: 30 })).resolves.toMatchObject({ trajectories: 2 })
  await expect(takeShard(whole, into, { index: 2, count: 30 })).rejects.toThrow(shardName({ index: 1, count: 30 }))
  await expect(takeShard(whole, temporaryFolder(), { index: 30, count: 30 })).rejects.toThrow("too few for 30 shards")
})
