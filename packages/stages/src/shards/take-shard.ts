/**
 * A shard of trajectories that are there already, so that several processes can judge what one has generated: the questions
 * of one part are copied, with all their trajectories, into a folder of their own. The k-th question of the file is in shard
 * k mod n + 1. Taking it again adds what is missing.
 */
import { isInShard, type Shard, SwirlError, shardName, TrajectorySchema, taskKey } from "@swirl-ts/core"
import { createHash, resolve } from "@swirl-ts/platform"
import { digestsOf, openRecordFile, openRun, type RunSpec, readRecords, readRun, runPaths } from "@swirl-ts/store"
import { folderShard, rolloutStages, shardSettings } from "./folder-shard.ts"

export interface TakenShard {
  trajectories: number
  questions: number
}

/** `from`: a whole run folder. Throws a usage error where it is none, and where `directory` holds another part. */
export async function takeShard(from: string, directory: string, shard: Shard): Promise<TakenShard> {
  const usage = (what: string): SwirlError => new SwirlError(what, { kind: "usage" })
  if (resolve(from) === resolve(directory))
    throw usage(`${from} is the folder to take a shard from. Give another one to take it into (--run).`)
  const record = await readRun(from)
  const stages = rolloutStages(record).filter(({ stage }) => stage.startsWith("generate/"))
  const whole = folderShard(record)
  if (whole) throw usage(`${from} is shard ${shardName(whole)} itself. Judge it as it is: swirl judge --run ${from}`)
  if (!record || stages.length === 0)
    throw usage(`${from} holds no trajectories. Make some first: swirl generate <benchmark> --run ${from}`)

  const path = runPaths(from).trajectories
  const places = new Map<string, number>()
  const counts = new Map<string, number>()
  const ids = createHash("sha256")
  for await (const trajectory of readRecords(path, TrajectorySchema)) {
    const key = taskKey(trajectory)
    if (!places.has(key)) places.set(key, places.size)
    ids.update(trajectory.id)
    const stage = `generate/${trajectory.benchmark}/${trajectory.split}`
    if (isInShard(shard, places.get(key)!)) counts.set(stage, (counts.get(stage) ?? 0) + 1)
  }
  const questions = [...places.values()].filter((place) => isInShard(shard, place)).length
  if (questions === 0)
    throw usage(`${from} holds ${places.size} questions, too few for ${shard.count} shards. Divide it into fewer.`)

  // Parts of what was another file then are no parts of one whole.
  const source = `${record.id}:${ids.digest("hex").slice(0, 16)}`
  const run = await openRun(directory)
  try {
    for (const { stage, settings } of stages) {
      const spec: RunSpec = { [stage]: { ...settings, ...shardSettings(shard, counts.get(stage) ?? 0), from: source } }
      const compared = { digests: digestsOf(record, stage), differences: [] }
      const makers = record.makers?.[stage] ?? []
      await run.register(spec, { compared })
      for (const maker of makers) await run.register(spec, { compared, maker })
    }
    const file = await openRecordFile(run.paths.trajectories, TrajectorySchema, { mode: "block" })
    try {
      for await (const trajectory of readRecords(path, TrajectorySchema)) {
        if (!isInShard(shard, places.get(taskKey(trajectory))!)) continue
        await file.append(trajectory)
        if (file.size % 1000 === 0) await file.commit()
      }
      await file.commit()
    } finally {
      await file.close()
    }
  } finally {
    await run.close()
  }
  return { trajectories: [...counts.values()].reduce((sum, count) => sum + count, 0), questions }
}

/** Throws where a folder is not this shard, which `swirl judge --shard` says that it is. */
export async function checkIsShard(directory: string, shard: Shard): Promise<void> {
  const record = await readRun(directory)
  const own = folderShard(record)
  if (own && shardName(own) === shardName(shard)) return
  const advice = own
    ? `Judge it as that: --shard ${shardName(own)}, or without --shard.`
    : record
      ? `A part of it is judged in a folder of its own: swirl judge --from ${directory} --shard ${shardName(shard)} --run <folder>`
      : `Generate it first: swirl generate <benchmark> --shard ${shardName(shard)} --run ${directory}`
  throw new SwirlError(
    `${directory} ${own ? `is shard ${shardName(own)}, not ${shardName(shard)}` : record ? "is no shard: it holds a whole run" : "holds no run"}. ${advice}`,
    { kind: "usage" },
  )
}
