/**
 * A run folder opened for writing. `run.json` holds the settings of every stage that ran here, by the stage's name
 * (`generate`, `judge`, `train/first`, `eval/<policy>/<benchmark>`). The same stage with other settings is refused,
 * because its records would mix; settings that only say how much is done may change, and so may all settings of a stage
 * that has no record yet: a start that failed binds nobody.
 */
import { arch, availableParallelism, hostname, platform, totalmem } from "node:os"
import { contentHash, type RunRecord, RunSchema } from "@swirl-ts/core"
import { acquireLock } from "@swirl-ts/kit"
import { type RunPaths, runPaths } from "./paths.ts"
import { readDocument, writeDocument } from "./record-document.ts"
import { checkSettings, type Settings } from "./settings.ts"

/** Stage name -> its settings. */
export type RunSpec = Record<string, Settings>

export interface OpenRunOptions {
  spec?: RunSpec
  /** What the stages of `spec` depend on: plugin versions, dataset, prompt and tool digests. */
  digests?: Record<string, string>
}

export interface Run {
  readonly directory: string
  readonly paths: RunPaths
  readonly record: RunRecord
  /**
   * Adds stages (or checks them against what is there) and writes run.json. Other settings of a stage are taken all the
   * same where `hasRecords` says that nothing was recorded under the earlier ones. `mayChange`: settings of these stages
   * that say how much is done, beside those that do in every stage.
   */
  register(
    spec: RunSpec,
    digests?: Record<string, string>,
    hasRecords?: () => Promise<boolean>,
    mayChange?: readonly string[],
  ): Promise<void>
  /** Releases the lock. */
  close(): Promise<void>
}

/** Settings that say how much is done, not what a record is. */
const amounts = ["limit", "ids", "samples", "epochs", "concurrency", "shard", "untilKept", "atMost"]

export async function openRun(directory: string, { spec = {}, digests = {} }: OpenRunOptions = {}): Promise<Run> {
  const paths = runPaths(directory)
  const lock = await acquireLock(directory)
  try {
    const createdAt = new Date().toISOString()
    let record: RunRecord = (await readRun(directory)) ?? {
      schema: "swirl.run/1",
      id: contentHash([directory, createdAt, process.pid]),
      createdAt,
      spec: {},
      specHash: contentHash({}),
      digests: {},
      machine: machine(),
    }
    const register: Run["register"] = async (spec, digests = {}, hasRecords = async () => true, mayChange = []) => {
      const merged: RunSpec = { ...(record.spec as RunSpec) }
      const mergedDigests = { ...record.digests }
      for (const [stage, settings] of Object.entries(spec)) {
        const keyed = Object.entries(digests).map(([name, digest]) => ({ name, digest, key: `${stage}: ${name}` }))
        await checkSettings({
          before: merged[stage],
          now: settings,
          mayChange: [...amounts, ...mayChange],
          otherwise: keyed
            .filter(({ key, digest }) => (mergedDigests[key] ?? digest) !== digest)
            .map(({ name, digest, key }) => `${name} was ${mergedDigests[key]} and is ${digest} now`),
          hasRecords,
          refusal: (differences) =>
            `${directory} already holds "${stage}" with other settings: ${differences}. Give another folder (--run), or the same settings to continue.`,
        })
        merged[stage] = settings
        for (const { key, digest } of keyed) mergedDigests[key] = digest
      }
      const next = { ...record, spec: merged, specHash: contentHash(merged), digests: mergedDigests }
      await writeDocument(paths.run, RunSchema.parse(next))
      record = next
    }
    await register(spec, digests)
    return {
      directory,
      paths,
      get record() {
        return record
      },
      register,
      close: lock.release,
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** `run.json` of a folder, for commands that only read; undefined where there is none. */
export const readRun = (directory: string): Promise<RunRecord | undefined> =>
  readDocument(runPaths(directory).run, RunSchema, "Repair it, or use another folder (--run).")

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
