/** What is merged is what one process would have written; what is no whole of one run is refused, and nothing is written. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import type { RunRecord } from "@swirl-ts/core"
import { readRun } from "@swirl-ts/store"
import { folderDigests, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { beforeAll, beforeEach, expect, test } from "vitest"
import { divided, evaluation, generation, world } from "../../test/divided.ts"
import { evaluateCell } from "../evaluate/evaluate.ts"
import { generate } from "../generate/generate.ts"
import { judge } from "../judge/judge.ts"
import { mergeShards } from "./merge.ts"
import { takeShard } from "./take-shard.ts"

const steady = { tasks: 22, fails: () => false, judged: 0 }
beforeEach(() => Object.assign(world, steady))

const host = testHost()
const merge = (folders: readonly string[], into: string) => mergeShards(folders, into, { host })
const both = { ...generation, benchmarks: ["towns", "rivers"] }

async function run(directory: string, shard?: { index: number; count: number }): Promise<void> {
  const context = divided(directory)
  await generate(context, { ...both, shard })
  await judge(context, { judge: "votes" })
  await evaluateCell(context, { ...evaluation, shard })
}

let root = ""
/** A run of one process, and the same in three shards. */
beforeAll(async () => {
  Object.assign(world, steady)
  root = temporaryFolder()
  await run(join(root, "one"))
  for (const index of [1, 2, 3]) await run(join(root, `s${index}`), { index, count: 3 })
}, 60_000)

/** A copy that can be spoilt. */
function copies(): { at: string; shards: string[]; one: string; all: string } {
  const at = temporaryFolder()
  cpSync(root, at, { recursive: true })
  return { at, shards: [1, 2, 3].map((index) => join(at, `s${index}`)), one: join(at, "one"), all: join(at, "all") }
}

const recordFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .sort()

/** Everything but times and ids of the run: they are of a machine, not of a result. */
function settled(record: RunRecord | undefined): object {
  const { id: _id, createdAt: _at, merged: _merged, makers = {}, ...rest } = record!
  const once = Object.entries(makers).map(([stage, all]) => [stage, all.map((maker) => ({ ...maker, since: "" }))])
  return { ...rest, makers: Object.fromEntries(once) }
}

test("merged shards are byte for byte what one process wrote, in any order of their folders, and go on as it does", async () => {
  const { shards, one, all } = copies()
  const merged = await merge([shards[2]!, shards[0]!, shards[1]!], all)
  expect(merged).toMatchObject({ shards: 3, wasThere: false, leftOut: [] })
  expect(recordFiles(all)).toEqual(recordFiles(one))
  for (const name of recordFiles(one)) expect([name, read(all, name)]).toEqual([name, read(one, name)])
  expect(settled(await readRun(all))).toEqual(settled(await readRun(one)))
  expect(await generate(divided(all), both)).toMatchObject({ reused: 88, trajectories: 88 })
  expect(await judge(divided(all), { judge: "votes" })).toMatchObject({ judged: 0 })
  expect(await evaluateCell(divided(all), evaluation)).toMatchObject({ n: 22 })
  for (const name of recordFiles(one)) expect(lines(all, name).length).toBe(lines(one, name).length)
}, 20_000)

const read = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8")
const lines = (folder: string, name: string): string[] => read(folder, name).split("\n").filter(Boolean)

test("compressed records and moved folders merge to the same, and again to nothing new", async () => {
  const { at, shards, one, all } = copies()
  for (const name of recordFiles(shards[1]!)) {
    writeFileSync(join(shards[1]!, `${name}.gz`), gzipSync(read(shards[1]!, name)))
    rmSync(join(shards[1]!, name))
  }
  const moved = join(at, "elsewhere")
  renameSync(shards[0]!, moved)
  await merge([moved, shards[1]!, shards[2]!], all)
  expect(read(all, "trajectories.jsonl")).toBe(read(one, "trajectories.jsonl"))
  expect(readdirSync(all).sort()).toEqual(["eval", "run.json", "trajectories.jsonl", "verdicts.jsonl"])
  const before = folderDigests(at)
  expect(await merge([shards[2]!, moved, shards[1]!], all)).toMatchObject({ wasThere: true })
  expect(folderDigests(at)).toEqual(before)
  writeFileSync(
    join(shards[1]!, "trajectories.jsonl"),
    gunzipSync(readFileSync(join(shards[1]!, "trajectories.jsonl.gz"))),
  )
  expect(await merge([shards[2]!, moved, shards[1]!], all)).toMatchObject({ wasThere: true })
}, 20_000)

test("what a killed merge has left is done away with; another folder with content is left as it is", async () => {
  const { at, shards, one, all } = copies()
  const left = join(at, ".all.merging")
  mkdirSync(left)
  writeFileSync(join(left, "trajectories.jsonl"), '{"half":')
  mkdirSync(all)
  await merge(shards, all)
  expect(existsSync(left)).toBe(false)
  expect(read(all, "trajectories.jsonl")).toBe(read(one, "trajectories.jsonl"))
  await expect(merge(shards, one)).rejects.toThrow(`${one} holds something already. Give another folder (--run).`)
  await expect(merge(shards, shards[0]!)).rejects.toThrow("is one of the shards")
})

const edit = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, "utf8")))
const record = (folder: string, change: (text: string) => string): void => edit(join(folder, "run.json"), change)
type Copies = ReturnType<typeof copies>

const spoilt: [what: string, spoil: (copy: Copies) => string[] | undefined, says: RegExp][] = [
  [
    "a shard is missing",
    ({ shards }) => [shards[0]!, shards[2]!],
    /Shard 2\/3 is missing\. To make it.*\n {2}swirl generate atlas\/towns --split train --model fake:w --samples 2 --temperature 1 --action-format tags --seed 7 --shard 2\/3 --run \S+s2\n.*swirl judge --judge votes --run \S+s2\n {2}swirl eval atlas\/towns\/test /s,
  ],
  ["a folder is named twice", ({ shards }) => [...shards, shards[0]!], /is named twice/],
  [
    "a shard is there twice",
    ({ shards, at }) => {
      cpSync(shards[0]!, join(at, "copy"), { recursive: true })
      return [...shards, join(at, "copy")]
    },
    /are both shard 1\/3\. Leave one of them out/,
  ],
  ["one is a whole run", ({ shards, one }) => [...shards, one], /one is no shard: it holds a whole run/],
  ["one is no run folder", ({ shards, at }) => [...shards, at], /There is no run folder/],
  [
    "one is of another seed",
    ({ shards }) => void record(shards[1]!, (text) => text.replaceAll('"seed": 7', '"seed": 8')),
    /s2 is no part of the same run as \S+s1: seed of "generate\/atlas\/towns\/train" is 8 and 7 there/,
  ],
  [
    "one is of other data",
    ({ shards }) => void record(shards[1]!, (text) => text.replaceAll(/(dataset": "22):\w+/g, "$1:0123")),
    /the digest of its dataset of "generate\/\S+" is "22:0123" and "22:\w+" there/,
  ],
  [
    "one was asked for more samples",
    ({ shards }) => void record(shards[2]!, (text) => text.replaceAll('"samples": 2', '"samples": 3')),
    /samples of .* is 3 and 2 there/,
  ],
  [
    "one is of another number of shards",
    ({ shards }) => void record(shards[2]!, (text) => text.replaceAll("3/3", "3/4")),
    /it is one of 4 shards, the other one of 3/,
  ],
  [
    "one was not judged",
    ({ shards }) =>
      void record(shards[2]!, (text) =>
        text.replace(/"judge\/votes": {.*?}\s*},/s, "").replace(/},\s*"eval/, '}, "eval'),
      ),
    /s3 lacks "judge\/votes", which other shards have.*\n {2}swirl judge --judge votes --run \S+s3/,
  ],
  [
    "trajectories are missing",
    ({ shards }) =>
      void edit(join(shards[1]!, "trajectories.jsonl"), (text) => text.split("\n").slice(0, -2).join("\n")),
    /s2 is not finished: it has 13 of 14 records in trajectories\.jsonl\. To go on with it.*\n {2}swirl generate atlas\/rivers .*--shard 2\/3/,
  ],
  [
    "the last line is torn",
    ({ shards }) => void edit(join(shards[1]!, "trajectories.jsonl"), (text) => text.slice(0, -9)),
    /s2 is not finished: it has 13 of 14/,
  ],
  [
    "verdicts are missing",
    ({ shards }) => void edit(join(shards[1]!, "verdicts.jsonl"), (text) => text.split("\n").slice(1).join("\n")),
    /s2 is not finished: it has \d+ of \d+ verdicts of the judge votes atlas\/\w+ in verdicts\.jsonl.*\n {2}swirl judge --judge votes/,
  ],
  [
    "samples of an evaluation are missing",
    ({ shards }) => void edit(evaluated(shards[1]!), (text) => text.split("\n").slice(1).join("\n")),
    /s2 is not finished: it has 6 of 7 records in eval\/\S+jsonl.*\n {2}swirl eval atlas\/towns\/test/,
  ],
  [
    "a record is there and its second try, too",
    ({ shards }) => void edit(join(shards[1]!, "trajectories.jsonl"), (text) => `${text}${text.split("\n").at(-2)}\n`),
    /s2 is not finished: it holds task train\/\d+, epoch 1, twice/,
  ],
  [
    "a record is of another seed",
    ({ shards }) => void edit(join(shards[1]!, "trajectories.jsonl"), (text) => text.replace('"seed":7', '"seed":9')),
    /of seed 9, and the run's is 7\. It belongs to another run/,
  ],
  [
    "a task is in two shards",
    ({ shards }) =>
      void edit(join(shards[1]!, "trajectories.jsonl"), (text) =>
        text.replaceAll('"taskId":"train/1"', '"taskId":"train/0"'),
      ),
    /Task train\/0 of "generate\/\S+" is in \S+s1 and in \S+s2/,
  ],
  [
    "a verdict is on nobody's trajectory",
    ({ shards }) =>
      void edit(join(shards[1]!, "verdicts.jsonl"), (text) =>
        text.replace(/"trajectoryId":"\w+"/, '"trajectoryId":"x"'),
      ),
    /holds a verdict on x, which is no trajectory of this run/,
  ],
  [
    "somebody writes to a shard",
    ({ shards }) =>
      void writeFileSync(join(shards[1]!, "lock"), JSON.stringify({ host: "elsewhere", pid: 1, token: "t" })),
    /s2 is being written by process 1 on elsewhere/,
  ],
]
const evaluated = (folder: string): string => {
  const policy = join(folder, "eval", readdirSync(join(folder, "eval"))[0]!)
  return join(policy, readdirSync(policy).find((name) => !/trajectories|verdicts/.test(name))!)
}

test.each(spoilt)("where %s, nothing is merged and the sentence says why", async (_what, spoil, says) => {
  const copy = copies()
  const folders = spoil(copy) ?? copy.shards
  const before = folderDigests(copy.at)
  const error = await merge(folders, copy.all).catch((caught: unknown) => caught as Error & { kind?: string })
  expect((error as Error).message).toMatch(says)
  expect(error).toMatchObject({ kind: "usage" })
  expect(folderDigests(copy.at)).toEqual(before)
})

test("shards that were taken from one generation and judged merge to that generation, judged", async () => {
  const at = temporaryFolder()
  const [whole, all] = [join(at, "whole"), join(at, "all")]
  await generate(divided(whole), generation)
  const shards = [1, 2].map((index) => join(at, `j${index}`))
  for (const [place, folder] of shards.entries()) {
    await takeShard(whole, folder, { index: place + 1, count: 2 })
    await judge(divided(folder), { judge: "votes" })
  }
  await merge(shards, all)
  expect(read(all, "trajectories.jsonl")).toBe(read(whole, "trajectories.jsonl"))
  await judge(divided(whole), { judge: "votes" })
  expect(read(all, "verdicts.jsonl")).toBe(read(whole, "verdicts.jsonl"))
  expect((await readRun(all))!.spec).toEqual((await readRun(whole))!.spec)
  expect((await merge([shards[0]!], join(at, "x")).catch((error) => error)).message).toMatch(
    /swirl judge --from <the folder of run \w+> --shard 2\/2/,
  )
})

test("trajectories that ended in an error are merged and counted, and tried again by the whole", async () => {
  const at = temporaryFolder()
  world.fails = (question) => /number (4|5) /.test(question)
  const shards = [1, 2].map((index) => join(at, `s${index}`))
  for (const [place, folder] of shards.entries())
    await generate(divided(folder), { ...generation, shard: { index: place + 1, count: 2 } })
  const { stages } = await merge(shards, join(at, "all"))
  expect(stages).toEqual([{ stage: "generate/atlas/towns/train", trajectories: 44, errors: 4 }])
  world.fails = () => false
  expect(await generate(divided(join(at, "all")), generation)).toMatchObject({ reused: 40, errors: 0 })
  await generate(divided(shards[0]!), { ...generation, shard: { index: 1, count: 2 } })
  await expect(merge(shards, join(at, "all"))).rejects.toThrow("or from these as they were before")
})
