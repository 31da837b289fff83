/**
 * A run folder opened for writing. `run.json` holds the settings of every stage that ran here, by the stage's name
 * (`generate`, `judge`, `train/first`, `eval/<policy>/<benchmark>`). The same stage with other settings is refused,
 * because its records would mix; settings that only say how much is done may change, and so may all settings of a stage
 * that has no record yet: a start that failed binds nobody.
 */
import { readFile } from "node:fs/promises"
import { arch, availableParallelism, hostname, platform, totalmem } from "node:os"
import { canonicalJson, contentHash, type RunRecord, RunSchema, SwirlError } from "@swirl-ts/core"
import { acquireLock, diskError, writeFileAtomic } from "@swirl-ts/kit"
import { migrate } from "./migrations.ts"
import { type RunPaths, runPaths } from "./paths.ts"

/** Stage name -> its settings. */
export type RunSpec = Record<string, Record<string, unknown>>

export interface OpenRunOptions {
  spec?: RunSpec
  /** What the stages of `spec` depend on: plugin versions, dataset, prompt and tool digests. */
  digests?: Record<string, string>
  gitRevision?: string
  /** Settings that select how much is done, not what a record is. */
  mayChange?: readonly string[]
  /** False: no lock (only for folders of one's own). */
  lock?: boolean
}

export interface Run {
  readonly directory: string
  readonly paths: RunPaths
  readonly record: RunRecord
  /**
   * Adds stages (or checks them against what is there) and writes run.json. Other settings of a stage are taken all the
   * same where `hasRecords` says that nothing was recorded under the earlier ones.
   */
  register(spec: RunSpec, digests?: Record<string, string>, hasRecords?: () => Promise<boolean>): Promise<void>
  /** Releases the lock. */
  close(): Promise<void>
}

const amounts = ["limit", "ids", "samples", "epochs", "concurrency", "shard", "untilKept", "atMost"]

export async function openRun(directory: string, options: OpenRunOptions = {}): Promise<Run> {
  const paths = runPaths(directory)
  const lock = options.lock === false ? undefined : await acquireLock(directory)
  const mayChange = new Set(options.mayChange ?? amounts)
  try {
    const createdAt = new Date().toISOString()
    let record: RunRecord = (await readRun(directory)) ?? {
      schema: "swirl.run/1",
      id: contentHash([directory, createdAt, process.pid]),
      createdAt,
      spec: {},
      specHash: contentHash({}),
      digests: {},
      gitRevision: options.gitRevision,
      machine: machine(),
    }
    const register: Run["register"] = async (spec, digests = {}, hasRecords = async () => true) => {
      const merged: RunSpec = { ...(record.spec as RunSpec) }
      const mergedDigests = { ...record.digests }
      for (const [stage, settings] of Object.entries(spec)) {
        const before = merged[stage]
        const keyed = Object.entries(digests).map(([name, digest]) => ({ name, digest, key: `${stage}: ${name}` }))
        if (before) {
          const differences = [
            ...changedSettings(before, settings, mayChange),
            ...keyed
              .filter(({ key, digest }) => (mergedDigests[key] ?? digest) !== digest)
              .map(({ name, digest, key }) => `${name} was ${mergedDigests[key]} and is ${digest} now`),
          ]
          if (differences.length > 0 && (await hasRecords())) throw conflict(directory, stage, differences)
        }
        merged[stage] = settings
        for (const { key, digest } of keyed) mergedDigests[key] = digest
      }
      const next = { ...record, spec: merged, specHash: contentHash(merged), digests: mergedDigests }
      await writeFileAtomic(paths.run, `${JSON.stringify(RunSchema.parse(next), null, 2)}\n`)
      record = next
    }
    await register(options.spec ?? {}, options.digests)
    return {
      directory,
      paths,
      get record() {
        return record
      },
      register,
      close: async () => lock?.release(),
    }
  } catch (error) {
    await lock?.release()
    throw error
  }
}

/** `run.json` of a folder, for commands that only read; undefined where there is none. */
export async function readRun(directory: string): Promise<RunRecord | undefined> {
  const path = runPaths(directory).run
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined
    throw diskError(error, "read", path)
  }
  try {
    return RunSchema.parse(migrate(JSON.parse(text)))
  } catch (error) {
    throw new SwirlError(`${path} is not a run record that can be read. Repair it, or use another folder (--run).`, {
      cause: error,
    })
  }
}

function changedSettings(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
  mayChange: ReadonlySet<string>,
): string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((field) => !mayChange.has(field))
  const show = (value: unknown): string => (value === undefined ? "not set" : canonicalJson(value))
  return fields
    .filter((field) => show(before[field]) !== show(now[field]))
    .map((field) => `${field} was ${show(before[field])} and is ${show(now[field])} now`)
}

function conflict(directory: string, stage: string, differences: readonly string[]): SwirlError {
  return new SwirlError(
    `${directory} already holds "${stage}" with other settings: ${differences.join("; ")}. Give another folder (--run), or the same settings to continue.`,
    { kind: "usage" },
  )
}

function machine(): RunRecord["machine"] {
  return {
    host: hostname(),
    platform: platform(),
    architecture: arch(),
    node: process.version,
    processors: availableParallelism(),
    memoryBytes: totalmem(),
  }
}
