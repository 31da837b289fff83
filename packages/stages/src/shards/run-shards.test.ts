/** Shards that an engine elsewhere makes, here one that makes them in this process: what it is asked for, and what comes of it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  type CommandFailure,
  type CommandJob,
  createRegistry,
  definePlugin,
  type JobEngine,
  readShard,
} from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import { divided, generation, world } from "../../test/divided.ts"
import type { StageContext } from "../context.ts"
import { generate } from "../generate/generate.ts"
import { runShards } from "./run-shards.ts"

beforeEach(() => Object.assign(world, { tasks: 22, fails: () => false }))

const trains = { description: "", algorithms: ["sft"], judges: [], train: () => expect.fail("nothing is trained") }
const withEngine = (directory: string, run?: JobEngine["run"], lines: string[] = []): StageContext => ({
  ...divided(directory),
  host: testHost({ log: (line) => void lines.push(line) }),
  registry: createRegistry([
    definePlugin({
      meta: { name: "there", version: "1.0.0", apiVersion: 1 },
      jobEngines: { there: { ...trains, run } },
    }),
    formats(),
  ]),
})

/** Makes what the words say; `fails` says why a command does not end well. */
const making =
  (asked: CommandJob[] = [], fails: (command: CommandJob) => string | undefined = () => undefined) =>
  async (commands: readonly CommandJob[]): Promise<CommandFailure[]> => {
    const failures: CommandFailure[] = []
    for (const command of commands) {
      asked.push(command)
      const message = fails(command)
      if (message !== undefined) failures.push({ id: command.id, message })
      else {
        const shard = readShard(command.words[command.words.indexOf("--shard") + 1]!)
        expect(command.words.at(-1)).toBe(command.directory)
        await generate(divided(command.directory), { ...generation, shard })
        command.log("done")
      }
    }
    return failures
  }
const request = { engine: "there", count: 3, words: ["generate", "towns"], name: "generate towns" }
const records = (folder: string): string => readFileSync(join(folder, "trajectories.jsonl"), "utf8")

test("every shard is asked for once, under the same id again, and their merge is what one process makes", async () => {
  const [one, all] = [temporaryFolder(), join(temporaryFolder(), "all")]
  await generate(divided(one), generation)
  const [asked, again, lines] = [[] as CommandJob[], [] as CommandJob[], [] as string[]]
  const merged = await runShards(withEngine(all, making(asked), lines), request)
  expect(merged).toMatchObject({ shards: 3, records: { "trajectories.jsonl": 44 } })
  expect(records(all)).toBe(records(one))
  expect(lines).toEqual(["1/3: done", "2/3: done", "3/3: done"])
  expect(asked.map(({ name }) => name)).toEqual(["generate towns 1/3", "generate towns 2/3", "generate towns 3/3"])
  expect((await runShards(withEngine(all, making(again)), request)).wasThere).toBe(true)
  expect(again.map(({ id }) => id)).toEqual(asked.map(({ id }) => id))
  expect(new Set(asked.map(({ id }) => id)).size).toBe(3)
})

test("shards that have not ended well are named, with what was said of each, and nothing is merged", async () => {
  const all = join(temporaryFolder(), "all")
  const fails = ({ words }: CommandJob) => (words.includes("2/3") ? "It broke." : undefined)
  await expect(runShards(withEngine(all, making([], fails)), request)).rejects.toThrow(
    /1 of 3 shards has not ended well:\n {2}2\/3: It broke\.\nThe same command goes on with that one alone/,
  )
  await expect(runShards(withEngine(all, making()), { ...request, count: 4 })).rejects.toThrow(
    /this run is divided into 3 shards. Give --shards 3, or another folder/,
  )
  expect((await runShards(withEngine(all, making()), request)).shards).toBe(3)
  rmSync(`${all}.shards`, { recursive: true })
  await expect(runShards(withEngine(all, making()), request)).rejects.toThrow(
    /merged from shards that are no longer in/,
  )
})

test("one that says it ended well and left nothing is no part of a merge", async () => {
  const all = join(temporaryFolder(), "all")
  await expect(
    runShards(
      withEngine(all, async () => []),
      request,
    ),
  ).rejects.toThrow(/1-of-3 \(it has no run.json\)/)
})

test("what cannot be sent is refused, and an engine that gives no list of failures is named", async () => {
  const all = join(temporaryFolder(), "all")
  const never = async () => expect.fail("nothing is asked")
  await expect(runShards(withEngine(all), request)).rejects.toThrow(
    "The engine there trains alone; it runs no commands elsewhere. Leave --engine out",
  )
  const words = ["generate", "towns", "--base-url", "http://me:secret@there/v1"]
  const refused = await runShards(withEngine(all, never), { ...request, words }).catch((error: Error) => error)
  expect(refused).toMatchObject({
    kind: "usage",
    message: expect.stringMatching(/http:\/\/…@there\/v1 holds a password/),
  })
  expect((refused as Error).message).not.toContain("secret")
  await expect(
    runShards(
      withEngine(all, async () => ({}) as never),
      request,
    ),
  ).rejects.toThrow(/run gave no list of failed commands that can be used/)
  mkdirSync(all)
  writeFileSync(join(all, "notes.txt"), "mine")
  await expect(runShards(withEngine(all, never), request)).rejects.toThrow(/all holds something already/)
})
