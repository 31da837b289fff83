/**
 * Shards put together: the run folder that one process would have written, record for record; timestamps, machines and the
 * run's own id aside. It is made beside its place and moved there in one step, so a kill leaves nothing of it, and the same
 * command does it again; where it is there already from the same shards, nothing is done.
 */
import {
  addEndpoints,
  CoverageSchema,
  canonicalJson,
  contentHash,
  type Host,
  type Maker,
  type RecordedEndpoint,
  type RunRecord,
  RunSchema,
  SwirlError,
  shardName,
} from "@swirl-ts/core"
import { acquireLock, checkFileVersion, onDisk, syncPath } from "@swirl-ts/kit"
import {
  basename,
  createReadStream,
  dirname,
  existsSync,
  gunzipped,
  join,
  mkdir,
  readdirSync,
  rename,
  resolve,
  rm,
  rmdir,
  writeFile as writeNew,
} from "@swirl-ts/platform"
import {
  evaluatedPolicies,
  machine,
  type RunSpec,
  readDocument,
  readRun,
  runPaths,
  writeDocument,
} from "@swirl-ts/store"
import type { Progress } from "../context.ts"
import { isMerged, type Part, readParts } from "./part.ts"
import type { MergedFile, Source, StageCount } from "./part-reader.ts"
import { readPartRecords } from "./part-records.ts"
import { writeIndexed } from "./record-index.ts"

export interface MergeOptions {
  host: Pick<Host, "log">
  abortSignal?: AbortSignal
  onProgress?(progress: Progress): void
}

export interface MergedRun {
  directory: string
  shards: number
  stages: StageCount[]
  /** By file, the records of all shards. */
  records: Record<string, number>
  /** What some shard folder has that is not merged: it is made anew of the whole. */
  leftOut: string[]
  /** It was there already, of the same shards. */
  wasThere: boolean
  seconds: number
}

/** Throws a usage error, and has written nothing, where the folders are not all shards of one run, each finished. */
export async function mergeShards(
  directories: readonly string[],
  directory: string,
  options: MergeOptions,
): Promise<MergedRun> {
  const started = performance.now()
  const parts = await readParts(directories)
  await checkPlace(parts, directory)
  let read = 0
  const tell = (stage: string, done: number, total?: number): void => options.onProgress?.({ stage, done, total })
  const { files, stages, digests } = await readPartRecords({
    parts,
    onRecord: () => {
      options.abortSignal?.throwIfAborted()
      if (++read % 10_000 === 0) tell("merge: records read", read)
    },
  })
  const merged = parts.map(({ shard, record }, place) => ({
    shard: shardName(shard),
    run: record.id,
    digest: digests[place]!,
  }))
  const result = {
    directory,
    shards: parts.length,
    stages,
    records: Object.fromEntries(files.map(({ name, index }) => [name, index.size])),
    leftOut: leftOut(parts),
  }
  const wasThere = await isMergedAlready(directory, merged)
  if (!wasThere) {
    const total = read
    let written = 0
    await writeWhole(directory, async (into) => {
      for (const file of files) {
        await writeFile(into, file, () => {
          options.abortSignal?.throwIfAborted()
          if (++written % 10_000 === 0 || written === total) tell("merge: records written", written, total)
        })
      }
      await writeCoverage(parts, into)
      await writeDocument(runPaths(into).run, RunSchema.parse({ ...runOf(parts, directory), merged }))
    })
  }
  return { ...result, wasThere, seconds: (performance.now() - started) / 1000 }
}

async function checkPlace(parts: readonly Part[], directory: string): Promise<void> {
  const own = parts.find((part) => resolve(part.directory) === resolve(directory))
  if (own) throw new SwirlError(`${directory} is one of the shards. Give another folder (--run).`, { kind: "usage" })
  await checkMergePlace(directory)
}

/** Throws a usage error where the folder holds what no merge has made. */
export async function checkMergePlace(directory: string): Promise<void> {
  if (existsSync(directory) && readdirSync(directory).length > 0 && !(await readRun(directory))?.merged)
    throw new SwirlError(`${directory} holds something already. Give another folder (--run).`, { kind: "usage" })
}

/** Throws where the folder was merged from anything else. */
async function isMergedAlready(directory: string, merged: readonly object[]): Promise<boolean> {
  const record = await readRun(directory)
  if (!record) return false
  if (canonicalJson(record.merged) === canonicalJson(merged)) return true
  throw new SwirlError(
    `${directory} was merged from other shards, or from these as they were before. Give another folder (--run).`,
    { kind: "usage" },
  )
}

/** `write` fills a folder beside the place, which then becomes it. */
async function writeWhole(directory: string, write: (into: string) => Promise<void>): Promise<void> {
  const into = join(dirname(directory), `.${basename(directory)}.merging`)
  const lock = await acquireLock(into)
  try {
    // Of one that was killed.
    for (const name of readdirSync(into))
      if (join(into, name) !== lock.path) await rm(join(into, name), { recursive: true })
    await write(into)
    await onDisk("write", directory, async () => {
      if (existsSync(directory)) await rmdir(directory)
      await rm(lock.path)
      await rename(into, directory)
      await syncPath(dirname(directory))
    })
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    throw error
  } finally {
    await lock.release()
  }
}

async function writeFile(into: string, { name, index, sources }: MergedFile, onRecord: () => void): Promise<void> {
  const path = join(into, name)
  await onDisk("create", path, () => mkdir(dirname(path), { recursive: true }))
  const unpacked = join(into, ".unpacked")
  try {
    const files = await Promise.all(
      sources.map((source, number) => source && plainFile(source, `${unpacked}-${number}`)),
    )
    await writeIndexed(path, index, files, onRecord)
  } finally {
    for (const number of sources.keys()) await rm(`${unpacked}-${number}`, { force: true })
  }
  // Records were copied by their places.
  for (const source of sources) if (source) checkFileVersion(source.path, source.version)
}

async function plainFile({ path }: Source, unpacked: string): Promise<string> {
  if (!path.endsWith(".gz")) return path
  await onDisk("write", unpacked, () => writeNew(unpacked, gunzipped(createReadStream(path))))
  return unpacked
}

async function writeCoverage(parts: readonly Part[], into: string): Promise<void> {
  const policies = new Set((await Promise.all(parts.map(({ directory }) => evaluatedPolicies(directory)))).flat())
  for (const policy of policies) {
    const cells: Record<string, Record<string, unknown>> = {}
    for (const { directory } of parts) {
      const found = await readDocument(runPaths(directory).evaluation(policy, "").coverage, CoverageSchema)
      for (const [cell, questions] of Object.entries(found?.cells ?? {})) cells[cell] = { ...cells[cell], ...questions }
    }
    if (Object.keys(cells).length > 0)
      await writeDocument(
        runPaths(into).evaluation(policy, "").coverage,
        CoverageSchema.parse({ schema: "swirl.coverage/1", cells }),
      )
  }
}

/** As a whole run has it: without what makes a stage one of a shard. */
function runOf(parts: readonly Part[], directory: string): RunRecord {
  const { record, spec } = parts[0]!
  const whole: RunSpec = Object.fromEntries(
    Object.entries(spec).map(([stage, { shard: _shard, trajectories: _count, from: _from, ...settings }]) => [
      stage,
      settings,
    ]),
  )
  const createdAt = new Date().toISOString()
  const makers = Object.keys(spec).flatMap((stage): [string, Maker[]][] => {
    const all = parts.flatMap((part) => part.record.makers?.[stage] ?? [])
    const once = new Map(all.map((maker) => [contentHash({ ...maker, since: "" }), maker]))
    return once.size > 0 ? [[stage, [...once.values()].sort((a, b) => (a.since < b.since ? -1 : 1))]] : []
  })
  const endpoints = Object.keys(spec).flatMap((stage): [string, RecordedEndpoint[]][] => {
    const all = addEndpoints(...parts.map((part) => part.record.endpoints?.[stage] ?? []))
    return all.length > 0 ? [[stage, all]] : []
  })
  return {
    schema: "swirl.run/1",
    id: contentHash([directory, createdAt, process.pid]),
    createdAt,
    spec: whole,
    specHash: contentHash(whole),
    digests: Object.fromEntries(Object.entries(record.digests).filter(([key]) => isMerged(key))),
    tools: record.tools,
    makers: makers.length > 0 ? Object.fromEntries(makers) : undefined,
    endpoints: endpoints.length > 0 ? Object.fromEntries(endpoints) : undefined,
    gitRevision: record.gitRevision,
    machine: machine(),
  }
}

/** What is made of records of a whole run. */
function leftOut(parts: readonly Part[]): string[] {
  const ofWhole = ["filters", "train", "report", "matrix.json", "measured.json"]
  return ofWhole.filter((name) => parts.some(({ directory }) => existsSync(join(directory, name))))
}
