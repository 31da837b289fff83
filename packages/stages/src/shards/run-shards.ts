/**
 * A generation or an evaluation on a cluster: each shard a command of its own there, in a folder of its own beside the run folder
 * (`<run>.shards/2-of-4`), and when all have ended well, their merge, which is the folder that one process would have made.
 */
import {
  callPluginFor,
  contentHash,
  type Entry,
  type JobEngine,
  type Shard,
  SwirlError,
  shardName,
  slug,
  whoseIs,
} from "@swirl-ts/core"
import { acquireLock, onDisk } from "@swirl-ts/kit"
import { basename, existsSync, join, mkdir, readdirSync } from "@swirl-ts/platform"
import { readRun } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { checkMergePlace, type MergedRun, mergeShards } from "./merge.ts"

export interface ShardsRequest {
  /** Name of a job engine. */
  engine: string
  /** Into how many shards it is divided. */
  count: number
  /** The command, after `swirl`, as it is for one process; without its run folder. */
  words: readonly string[]
  /** For people, e.g. `generate gsm8k`. */
  name: string
}

/** Throws where a shard has not ended well, with what is to be done; the same command then submits those alone. */
export async function runShards(context: StageContext, request: ShardsRequest): Promise<MergedRun> {
  const { host, abortSignal, directory, onProgress } = context
  const { words, count, name } = request
  const [entry, run] = runningEngine(context, request)
  refuseSecrets(words)
  await checkMergePlace(directory)
  const folder = `${directory}.shards`
  await checkDivision(directory, folder, count)
  const shards = Array.from({ length: count }, (_, place) => ({ index: place + 1, count }))
  const folderOf = ({ index }: Shard): string => join(folder, `${index}-of-${count}`)
  const commands = shards.map((shard) => ({
    id: `${slug(basename(directory))}-${contentHash([directory, shardName(shard)], 10)}`,
    name: `${name} ${shardName(shard)}`,
    words: [...words, "--shard", shardName(shard), "--run", folderOf(shard)],
    workingDirectory: host.workingDirectory,
    directory: folderOf(shard),
    log: (line: string) => host.log(`${shardName(shard)}: ${line}`),
  }))
  for (const { directory: path } of commands) await onDisk("create", path, () => mkdir(path, { recursive: true }))
  // Of the client: each shard has a lock of its own where it is made.
  const lock = await acquireLock(folder)
  try {
    const failures = await callPluginFor(
      "list of failed commands",
      { whose: whoseIs(entry), what: "run", abortSignal },
      () => run(commands, { url: context.engineUrl }, host, abortSignal),
    )
    if (failures.length > 0) {
      const said = failures.map(({ id, message }) => `  ${shardNamed(id, commands)}: ${message}`)
      throw new SwirlError(
        `${failures.length} of ${count} shards ${failures.length === 1 ? "has" : "have"} not ended well:\n${said.join("\n")}\nThe same command goes on with ${failures.length === 1 ? "that one" : "these"} alone; the folders of all are below ${folder}.`,
      )
    }
  } finally {
    await lock.release()
  }
  return mergeShards(
    commands.map((command) => command.directory),
    directory,
    { host, abortSignal, onProgress },
  )
}

const usage = (what: string): SwirlError => new SwirlError(what, { kind: "usage" })

function runningEngine(
  { registry }: StageContext,
  { engine }: ShardsRequest,
): [Entry<"jobEngines">, NonNullable<JobEngine["run"]>] {
  const isLoop = registry.has("engines", engine) && !registry.has("jobEngines", engine)
  const entry = isLoop ? undefined : registry.resolve("jobEngines", engine)
  const run = entry?.value.run?.bind(entry.value)
  if (entry && run) return [entry, run]
  throw usage(
    `The engine ${engine} trains alone; it runs no commands elsewhere. Leave --engine out to do this here, or give --shard i/n and run each shard where you like.`,
  )
}

/** What a cluster is told it shows to whoever may look at it. */
function refuseSecrets(words: readonly string[]): void {
  const word = words.find((each) => /:\/\/[^/\s]*@/.test(each))
  if (word === undefined) return
  throw usage(
    `The address ${word.replace(/:\/\/[^/\s]*@/g, "://…@")} holds a password, which everybody would see who may look at the cluster. Leave it out, and start the cluster's nodes with a key (OPENAI_API_KEY).`,
  )
}

/** Throws where the shards are there in another number, or were taken away after they had been merged. */
async function checkDivision(directory: string, folder: string, count: number): Promise<void> {
  if (!existsSync(folder)) {
    if ((await readRun(directory))?.merged)
      throw usage(
        `${directory} was merged from shards that are no longer in ${folder}. To go on with it, leave --engine out; for another run, give another folder (--run).`,
      )
    return
  }
  const other = readdirSync(folder).find((name) => {
    const [, of] = /^\d+-of-(\d+)$/.exec(name) ?? []
    return of !== undefined && Number(of) !== count && readdirSync(join(folder, name)).length > 0
  })
  if (other)
    throw usage(
      `${folder} holds ${other.replaceAll("-", " ")}: this run is divided into ${other.split("-").at(-1)} shards. Give --shards ${other.split("-").at(-1)}, or another folder (--run).`,
    )
}

const shardNamed = (id: string, commands: readonly { id: string; words: readonly string[] }[]): string =>
  commands.find((command) => command.id === id)?.words.at(-3) ?? id
