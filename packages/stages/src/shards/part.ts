/**
 * The folders that are to be put together: all shards of one run, each once, made with the same settings, data, prompts and
 * tools. What is missing is named with the command that makes it. Nothing is read here but `run.json`.
 */
import { canonicalJson, type RunRecord, type Shard, SwirlError, shardName } from "@swirl-ts/core"
import { acquireLock, errorCode } from "@swirl-ts/kit"
import { basename, dirname, join, resolve } from "@swirl-ts/platform"
import { digestsOf, type RunSpec, readRun, type Settings } from "@swirl-ts/store"
import { folderShard } from "./folder-shard.ts"
import { stageCommand } from "./stage-command.ts"

export interface Part {
  directory: string
  shard: Shard
  record: RunRecord
  /** Its stages that are merged. */
  spec: RunSpec
}

const usage = (what: string): SwirlError => new SwirlError(what, { kind: "usage" })

/** Stages whose records are merged; a training is of what its folder held. */
export const isMerged = (stage: string): boolean => /^(generate|eval|judge|outcomes)\//.test(stage)

/** In the order of their shards. Throws where the folders are not all shards of one run. */
export async function readParts(directories: readonly string[]): Promise<Part[]> {
  const parts: Part[] = []
  for (const directory of directories) {
    if (parts.some((part) => resolve(part.directory) === resolve(directory)))
      throw usage(`${directory} is named twice. Name each folder once.`)
    parts.push(await readPart(directory))
  }
  const [first] = parts
  if (!first) throw usage("Name the folders of the shards.")
  parts.sort((a, b) => a.shard.index - b.shard.index)
  for (const part of parts) checkAlike(first, part)
  for (const [place, part] of parts.entries()) {
    const before = parts[place - 1]
    if (before?.shard.index === part.shard.index)
      throw usage(
        `${before.directory} and ${part.directory} are both shard ${shardName(part.shard)}. Leave one of them out.`,
      )
  }
  checkAllThere(parts)
  checkStages(parts)
  return parts
}

async function readPart(directory: string): Promise<Part> {
  const record = await readRun(directory)
  if (!record) throw usage(`There is no run folder ${directory} (it has no run.json).`)
  const shard = folderShard(record)
  if (!shard)
    throw usage(`${directory} is no shard: it holds a whole run, or one of before run.json said which shard it is.`)
  await checkNobodyWrites(directory)
  const all = Object.entries(record.spec as RunSpec)
  return { directory, shard, record, spec: Object.fromEntries(all.filter(([stage]) => isMerged(stage))) }
}

/** A folder that cannot be written to is not being written to from here. */
async function checkNobodyWrites(directory: string): Promise<void> {
  try {
    await (await acquireLock(directory)).release()
  } catch (error) {
    const code = errorCode((error as Error).cause)
    if (code !== "EROFS" && code !== "EACCES" && code !== "EPERM") throw error
  }
}

/** Settings that differ from shard to shard, or that say where something lay. */
const ofPlace = ["shard", "trajectories"]

function checkAlike(first: Part, part: Part): void {
  const differences: string[] = []
  if (part.shard.count !== first.shard.count)
    differences.push(`it is one of ${part.shard.count} shards, the other one of ${first.shard.count}`)
  for (const [stage, settings] of Object.entries(part.spec)) {
    const expected = first.spec[stage]
    if (!expected) continue
    const digests = [digestsOf(first.record, stage), digestsOf(part.record, stage)] as const
    const isSameData = digests[0].dataset !== undefined && digests[0].dataset === digests[1].dataset
    const isSamePolicy = expected.identity !== undefined && expected.identity === settings.identity
    const passed = [...ofPlace, ...(isSameData ? ["dataPath"] : []), ...(isSamePolicy ? ["model"] : [])]
    for (const [what, [before, now]] of [
      ...changes(expected, settings, passed),
      ...changes(digests[0], digests[1], []).map(([name, values]) => [`the digest of its ${name}`, values] as const),
    ])
      differences.push(`${what} of "${stage}" is ${now} and ${before} there`)
  }
  if (differences.length > 0)
    throw usage(
      `${part.directory} is no part of the same run as ${first.directory}: ${differences.join("; ")}. Leave it out, or make it again with the same settings.`,
    )
}

function changes(
  before: Settings,
  now: Settings,
  passed: readonly string[],
): [what: string, values: [before: string, now: string]][] {
  const shown = (value: unknown): string => (value === undefined ? "not set" : canonicalJson(value))
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => !passed.includes(name) && shown(before[name]) !== shown(now[name]))
    .map((name) => [name, [shown(before[name]), shown(now[name])]])
}

function checkAllThere(parts: readonly Part[]): void {
  const first = parts[0]!
  const { count } = first.shard
  const there = new Set(parts.map(({ shard }) => shard.index))
  const missing = Array.from({ length: count }, (_, place) => place + 1).filter((index) => !there.has(index))
  if (missing.length === 0) return
  const shown = missing.slice(0, 20)
  const commands = shown.flatMap((index) => {
    const shard = { index, count }
    const run = folderOfShard(first, shard)
    return Object.entries(first.spec).map(([stage, settings]) => `  ${stageCommand(stage, settings, { shard, run })}`)
  })
  const more = missing.length > shown.length ? [`  … and ${missing.length - shown.length} more shards`] : []
  const names = shown.map((index) => shardName({ index, count })).join(", ")
  throw usage(
    [
      `${missing.length === 1 ? "Shard" : "Shards"} ${names}${more.length > 0 ? " …" : ""} ${missing.length === 1 ? "is" : "are"} missing. To make ${missing.length === 1 ? "it" : "them"} (servers and keys as for the others):`,
      ...commands,
      ...more,
    ].join("\n"),
  )
}

/** As the folder beside it is called, where its name says which shard it is. */
function folderOfShard({ directory, shard }: Part, { index }: Shard): string {
  const name = basename(directory)
  const place = new RegExp(`(?<!\\d)0*${shard.index}(?!\\d)`)
  return join(dirname(directory), place.test(name) ? name.replace(place, String(index)) : `${name}-${index}`)
}

/** What was done in one shard has to be done in all. */
function checkStages(parts: readonly Part[]): void {
  const stages = new Map(parts.flatMap(({ spec }) => Object.entries(spec)))
  const missing = parts.flatMap(({ directory, spec, shard }) =>
    [...stages]
      .filter(([stage]) => !(stage in spec))
      .map(([stage, settings]) => ({
        directory,
        stage,
        command: stageCommand(stage, settings, { shard, run: directory }),
      })),
  )
  const [first] = missing
  if (!first) return
  throw usage(
    [
      `${first.directory} lacks "${first.stage}", which other shards have${missing.length > 1 ? `; ${missing.length - 1} more are missing` : ""}. To make up for it (servers and keys as for the others):`,
      ...missing.slice(0, 20).map(({ command }) => `  ${command}`),
    ].join("\n"),
  )
}
