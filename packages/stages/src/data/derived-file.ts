/**
 * A file made from a benchmark's own, such as synthetic twins. It appears under its name when it is whole; until then it
 * is `<file>.<process id>.part`, so that two processes never write one.
 */
import { SwirlError } from "@swirl-ts/core"
import { diskError } from "@swirl-ts/kit"
import { dirname, open, rename, resolve, rm, stat } from "@swirl-ts/platform"
import { dataPathOf, type StageContext } from "../context.ts"
import { withNotes } from "./notes.ts"

export interface DerivedFileRequest {
  benchmark: string
  /** One of those that the benchmark makes, e.g. `synthetic-full`. */
  kind: string
  file: string
  /** The one it is made from; default: the one that is evaluated. */
  split?: string
  seed?: number
}

export interface DerivedFile {
  benchmark: string
  split: string
  kind: string
  file: string
  lines: number
  notes: string[]
}

/** Throws a usage error where the benchmark makes no such file, or the target cannot be written; then nothing is left behind. */
export async function writeDerivedFile(context: StageContext, request: DerivedFileRequest): Promise<DerivedFile> {
  const { registry, abortSignal } = context
  const { value: benchmark, fullName } = registry.resolve("benchmarks", request.benchmark)
  const { kind, split = benchmark.evaluationSplit ?? "test", seed } = request
  const make = benchmark.files?.derived?.[kind]
  if (!make) throw new SwirlError(`${fullName} makes no ${kind} file.`, { kind: "usage" })
  const { host, notes } = withNotes(context.host)
  const target = resolve(host.workingDirectory, request.file)
  const part = await openPart(target)
  let lines = 0
  async function* counted(): AsyncGenerator<string> {
    const dataPath = dataPathOf(context, fullName)
    for await (const line of make!(split, { host, seed, dataPath, abortSignal })) {
      abortSignal?.throwIfAborted()
      lines++
      yield `${line}\n`
    }
  }
  try {
    try {
      await part.handle.writeFile(counted())
    } finally {
      await part.handle.close()
    }
    await rename(part.path, target)
  } catch (error) {
    await rm(part.path, { force: true })
    throw error
  }
  return { benchmark: fullName, split, kind, file: target, lines, notes }
}

/** Before the work, so that a place that cannot be written to costs none. */
async function openPart(target: string) {
  const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  if (await isFolder(target)) {
    throw new SwirlError(`${target} is a folder. Name the file to write, such as ${target}/twins.jsonl.`, {
      kind: "usage",
    })
  }
  if (!(await isFolder(dirname(target)))) {
    throw new SwirlError(`There is no folder ${dirname(target)} to write in. Make it, or name another.`, {
      kind: "usage",
    })
  }
  const path = `${target}.${process.pid}.part`
  try {
    return { path, handle: await open(path, "w") }
  } catch (error) {
    throw diskError(error, "write", target)
  }
}
