/**
 * A run folder opened for writing. `run.json` holds the settings of every stage that ran here, by the stage's name
 * (`generate`, `judge`, `train/first`, `eval/<policy>/<benchmark>`). The same stage with other settings is refused,
 * because its records would mix; settings that only say how much is done may change, and so may all settings of a stage
 * that has no record yet: a start that failed binds nobody. What is refused has written nothing.
 */
import {
  addEndpoints,
  contentHash,
  type Maker,
  type RecordedEndpoint,
  type RecordedTool,
  type RunRecord,
  RunSchema,
} from "@swirl-ts/core"
import { acquireLock, removeLeftovers } from "@swirl-ts/kit"
import { machine } from "./machine.ts"
import { type RunPaths, runPaths } from "./paths.ts"
import { readDocument, writeDocument } from "./record-document.ts"
import { checkSettings, type Settings } from "./settings.ts"

/** Stage name -> its settings. */
export type RunSpec = Record<string, Settings>

/** What is known of stages beside their settings. */
export interface StageFacts {
  /** What their records depend on, by name; another value is refused. */
  digests?: Readonly<Record<string, string>>
  /** The same, where whoever registers has compared them; how they differ from those that are there, as clauses. */
  compared?: { digests: Readonly<Record<string, string>>; differences: readonly string[] }
  /** Whether anything was recorded under the earlier settings; default: yes. */
  hasRecords?(): Promise<boolean>
  /** Settings that may change, beside those that say how much is done in every stage. */
  mayChange?: readonly string[]
  maker?: Maker
  /** That its models are offered. */
  tools?: readonly RecordedTool[]
}

export interface OpenRunOptions extends StageFacts {
  spec?: RunSpec
}

export interface Run {
  readonly directory: string
  readonly paths: RunPaths
  readonly record: RunRecord
  /** Adds stages (or checks them against what is there) and writes run.json. */
  register(spec: RunSpec, facts?: StageFacts): Promise<void>
  /** Adds requests to the servers of a registered stage to those of before. */
  addRequests(stage: string, counts: readonly RecordedEndpoint[]): Promise<void>
  /** Releases the lock. */
  close(): Promise<void>
}

/** Settings that say how much is done, not what a record is. */
const amounts = ["limit", "skip", "ids", "samples", "epochs", "concurrency", "trajectories", "untilKept", "atMost"]

export async function openRun(directory: string, { spec = {}, ...facts }: OpenRunOptions = {}): Promise<Run> {
  const paths = runPaths(directory)
  const lock = await acquireLock(directory)
  try {
    await removeLeftovers(directory)
    const createdAt = new Date().toISOString()
    let record: RunRecord = (await readRun(directory)) ?? {
      schema: "swirl.run/1",
      id: contentHash([directory, createdAt, process.pid]),
      createdAt,
      spec: {},
      specHash: contentHash({}),
      digests: {},
      gitRevision: facts.maker?.gitRevision,
      machine: machine(),
    }
    // Requests are written while others register: one after another, or the later one would undo the earlier.
    let last: Promise<void> = Promise.resolve()
    const inTurn = (write: () => Promise<void>): Promise<void> => {
      const written = last.then(write)
      last = written.catch(() => {})
      return written
    }
    const register: Run["register"] = (spec, facts) =>
      inTurn(async () => {
        await checkStages(directory, record, spec, facts)
        const next = withStages(record, spec, facts)
        await writeDocument(paths.run, RunSchema.parse(next))
        record = next
      })
    if (Object.keys(spec).length > 0) await register(spec, facts)
    return {
      directory,
      paths,
      get record() {
        return record
      },
      register,
      addRequests: (stage, counts) =>
        inTurn(async () => {
          if (!counts.some(({ requests }) => requests > 0)) return
          const endpoints = { ...record.endpoints, [stage]: addEndpoints(record.endpoints?.[stage] ?? [], counts) }
          record = { ...record, endpoints }
          await writeDocument(paths.run, RunSchema.parse(record))
        }),
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

/** Throws what `register` would, and writes nothing: for the whole plan before its first record. */
export async function checkRun(directory: string, spec: RunSpec, facts?: StageFacts): Promise<void> {
  const record = await readRun(directory)
  if (record) await checkStages(directory, record, spec, facts)
}

async function checkStages(
  directory: string,
  record: RunRecord,
  spec: RunSpec,
  { digests = {}, compared, hasRecords = async () => true, mayChange = [] }: StageFacts = {},
): Promise<void> {
  for (const [stage, settings] of Object.entries(spec)) {
    const before = digestsOf(record, stage)
    const differences = Object.entries(digests)
      .filter(([name, digest]) => (before[name] ?? digest) !== digest)
      .map(([name, digest]) => `${name} was ${before[name]} and is ${digest} now`)
    await checkSettings({
      before: (record.spec as RunSpec)[stage],
      now: settings,
      mayChange: [...amounts, ...mayChange],
      otherwise: [...differences, ...(compared?.differences ?? [])],
      hasRecords,
      refusal: (differences) =>
        `${directory} already holds "${stage}" with other settings: ${differences}. Give another folder (--run), or the same settings to continue.`,
    })
  }
}

/** Digests of one stage, by name. */
export function digestsOf({ digests }: Pick<RunRecord, "digests">, stage: string): Readonly<Record<string, string>> {
  const start = `${stage}: `
  const own = Object.entries(digests).filter(([key]) => key.startsWith(start))
  return Object.fromEntries(own.map(([key, digest]) => [key.slice(start.length), digest]))
}

function withStages(
  record: RunRecord,
  spec: RunSpec,
  { digests, compared, maker, tools = [] }: StageFacts = {},
): RunRecord {
  const merged: RunSpec = { ...(record.spec as RunSpec), ...spec }
  const mergedDigests = { ...record.digests }
  const makers = { ...record.makers }
  const offered = { ...record.tools }
  for (const stage of Object.keys(spec)) {
    for (const [name, digest] of Object.entries({ ...digests, ...compared?.digests }))
      mergedDigests[`${stage}: ${name}`] = digest
    if (tools.length > 0) offered[stage] = [...tools]
    if (maker) makers[stage] = withMaker(makers[stage], maker)
  }
  const made = Object.keys(makers).length > 0 ? makers : undefined
  const told = Object.keys(offered).length > 0 ? offered : undefined
  return { ...record, spec: merged, specHash: contentHash(merged), digests: mergedDigests, makers: made, tools: told }
}

/** One that is like the last but for its time adds nothing. */
function withMaker(before: readonly Maker[] = [], maker: Maker): Maker[] {
  const last = before.at(-1)
  const isSame = last !== undefined && contentHash({ ...last, since: "" }) === contentHash({ ...maker, since: "" })
  return isSame ? [...before] : [...before, maker]
}
