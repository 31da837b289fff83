/**
 * A file made from a benchmark's own, such as synthetic twins. It appears under its name when it is whole; until then it
 * is `<file>.<process id>.part`, so that two processes never write one.
 */
import { open, rename, rm, stat } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { pipeline } from "node:stream/promises"
import { type Benchmark, type LoadOptions, SwirlError } from "@swirl-ts/core"
import { diskError } from "@swirl-ts/store"

export async function writeDerived(
  kind: string,
  { benchmark, fullName, file }: { benchmark: Benchmark; fullName: string; file: string },
  {
    split = benchmark.evaluationSplit ?? "test",
    load,
    abortSignal,
  }: { split?: string | undefined; load: LoadOptions; abortSignal?: AbortSignal },
): Promise<{ benchmark: string; split: string; kind: string; file: string; lines: number }> {
  const make = benchmark.files?.derived?.[kind]
  if (!make) throw new SwirlError(`${fullName} makes no ${kind} file.`, { kind: "usage" })
  const target = resolve(load.host.workingDirectory, file)
  const part = await openPart(target)
  let lines = 0
  async function* counted(): AsyncGenerator<string> {
    for await (const line of make!(split, load)) {
      abortSignal?.throwIfAborted()
      lines++
      yield `${line}\n`
    }
  }
  try {
    await pipeline(counted, part.handle.createWriteStream())
    await rename(part.path, target)
  } catch (error) {
    await rm(part.path, { force: true })
    throw error
  }
  return { benchmark: fullName, split, kind, file: target, lines }
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
