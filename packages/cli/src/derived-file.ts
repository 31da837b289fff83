/** A file made from a benchmark's own, such as synthetic twins. It appears under its name when it is whole. */
import { createWriteStream } from "node:fs"
import { rename, rm } from "node:fs/promises"
import { resolve } from "node:path"
import { pipeline } from "node:stream/promises"
import { type Benchmark, type LoadOptions, SwirlError } from "@swirl-ts/core"

export async function writeDerived(
  kind: string,
  { benchmark, fullName, file }: { benchmark: Benchmark; fullName: string; file: string },
  { split = benchmark.evaluationSplit ?? "test", load }: { split?: string | undefined; load: LoadOptions },
): Promise<{ benchmark: string; split: string; kind: string; file: string; lines: number }> {
  const make = benchmark.derived?.[kind]
  if (!make) throw new SwirlError(`${fullName} makes no ${kind} file.`, { kind: "usage" })
  const target = resolve(load.host.workingDirectory, file)
  const part = `${target}.part`
  let lines = 0
  async function* counted(): AsyncGenerator<string> {
    for await (const line of make!(split, load)) {
      lines++
      yield `${line}\n`
    }
  }
  try {
    await pipeline(counted, createWriteStream(part))
    await rename(part, target)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return { benchmark: fullName, split, kind, file: target, lines }
}
