/**
 * The files of a benchmark: downloaded where nobody named a copy, read from end to end, their tasks counted. A file that
 * `--data` names is read once.
 */
import { type Benchmark, benchmarkTasks, type Host, isSwirlError, PluginFailure, SwirlError } from "@swirl-ts/core"
import { BrokenFile } from "@swirl-ts/kit"
import { basename, resolve, statSync } from "@swirl-ts/platform"
import { dataPathOf, type StageContext } from "../context.ts"
import { withNotes } from "./notes.ts"

export interface CheckedFiles {
  benchmark: string
  license?: string
  files: readonly string[]
  /** Tasks by split, of those that are there. */
  splits: Record<string, number>
  /** What the benchmark remarked on its files; absent where there was nothing to read. */
  notes?: string[]
  /** Splits that need no files, where there is nothing to download or to read. */
  available?: readonly string[]
}

/** `split`: only this one, whose faults are errors; else a split that is absent is said and left out. */
export async function checkFiles(
  context: StageContext,
  { benchmark: name, split }: { benchmark: string; split?: string },
): Promise<CheckedFiles> {
  const { registry, host: plainHost, abortSignal } = context
  const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
  const dataPath = dataPathOf(context, fullName)
  if (!benchmark.files?.fetch && dataPath === undefined && split === undefined)
    return { benchmark: fullName, files: [], splits: {}, available: benchmark.splits }
  // One split alone is downloaded by being read.
  const fetched =
    dataPath === undefined && split === undefined
      ? await benchmark.files?.fetch?.(plainHost, { abortSignal })
      : undefined
  const files = fetched?.files ?? (dataPath === undefined ? [] : [dataPath])
  const { host, notes } = withNotes(plainHost)
  const splits = await countSplits({ benchmark, fullName, host, dataPath, split, abortSignal, say: plainHost.log })
  return { benchmark: fullName, license: benchmark.license, files, splits, notes }
}

interface Check {
  benchmark: Benchmark
  fullName: string
  host: Host
  dataPath?: string
  split?: string
  abortSignal?: AbortSignal
  say(line: string): void
}

async function countSplits(check: Check): Promise<Record<string, number>> {
  const { benchmark, fullName, host, dataPath, say } = check
  const ofFiles = dataPath === undefined ? benchmark.splits : await splitsOfFiles(check)
  const split =
    check.split ??
    (dataPath === undefined ? undefined : splitOfPath(resolve(host.workingDirectory, dataPath), benchmark, ofFiles))
  if (split !== undefined) {
    const { count, problem } = await countTasks(split, check)
    if (problem !== undefined) throw problem
    return { [split]: count }
  }
  const splits: Record<string, number> = {}
  for (const name of ofFiles) {
    const { count, problem } = await countTasks(name, check)
    if (problem === undefined) splits[name] = count
    else if (count > 0 || !isAbsent(problem)) throw problem
    else say(`${name}: ${problem.message}`)
  }
  if (Object.keys(splits).length === 0) throw new SwirlError(`No split of ${fullName} could be read from ${dataPath}.`)
  return splits
}

/** A folder may hold less than every split, and some splits are not for download. */
const isAbsent = (problem: Error): boolean =>
  isSwirlError(problem) &&
  problem.kind === "usage" &&
  !(problem instanceof PluginFailure) &&
  !(problem instanceof BrokenFile)

/** How many there are, or were until something was wrong. */
async function countTasks(
  split: string,
  { benchmark, fullName, host, dataPath, abortSignal }: Check,
): Promise<{ count: number; problem?: Error }> {
  let count = 0
  try {
    for await (const _task of benchmarkTasks({ fullName, value: benchmark }, split, { host, dataPath, abortSignal })) {
      abortSignal?.throwIfAborted()
      count++
    }
    return { count }
  } catch (error) {
    return { count, problem: error as Error }
  }
}

/** Splits that need files: one that loads without any, such as CofCA's fixture, comes with the benchmark. */
async function splitsOfFiles({ benchmark, fullName, host, abortSignal }: Check): Promise<readonly string[]> {
  const { splits } = benchmark
  if (benchmark.files?.fetch) return splits
  const loads = async (split: string): Promise<boolean> => {
    try {
      for await (const _task of benchmarkTasks({ fullName, value: benchmark }, split, { host, limit: 1, abortSignal }))
        return true
    } catch (error) {
      abortSignal?.throwIfAborted()
      if (!isSwirlError(error) || error instanceof PluginFailure || error instanceof BrokenFile) throw error
    }
    return false
  }
  const needy: string[] = []
  for (const split of splits) if (!(await loads(split))) needy.push(split)
  return needy.length > 0 ? needy : splits
}

/**
 * One file is whatever split is asked for: the one its name speaks of (`test_socratic` of the longest), or else the one
 * that eval takes. Undefined for a folder.
 */
function splitOfPath(path: string, { evaluationSplit }: Benchmark, splits: readonly string[]): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new SwirlError(`There is no file or folder ${path}, which --data names.`, { kind: "usage" })
  if (!found.isFile()) return undefined
  const words = basename(path)
    .toLowerCase()
    .split(/[^a-z]+/)
  const named = splits.filter((split) => split.split("-").every((word) => words.includes(word)))
  const evaluated = evaluationSplit ?? "test"
  return named.sort((a, b) => b.length - a.length)[0] ?? (splits.includes(evaluated) ? evaluated : splits[0])
}
