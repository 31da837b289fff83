/**
 * One remote file into the cache. Invariant: a file under its final name is complete and has its SHA-256, the pinned one
 * or the one the server told; everything else is a `.part`. Where nobody told one, what came first is
 * written beside the file, `<file>.sha256`, and holds from then on.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { fill } from "./fill.ts"
import { finishPart, ownPart, removePart, sha256Of, sizeOf } from "./part-file.ts"
import { type RemoteFile, type Source, sourceOf } from "./remote-file.ts"

const running = new Map<string, Promise<string>>()

/** Returns where the file is; downloads it first where it is not there. Callers at the same time share one download. */
export function download(file: RemoteFile, host: Host): Promise<string> {
  const source = sourceOf(file, host)
  const target = join(host.cacheDirectory, "datasets", source.place)
  let result = running.get(target)
  if (!result) {
    result = fetchOnce(source, target, host).finally(() => running.delete(target))
    running.set(target, result)
  }
  return result
}

async function fetchOnce(source: Source, target: string, host: Host): Promise<string> {
  if (await sizeOf(target)) return target
  const { what } = source
  try {
    await mkdir(dirname(target), { recursive: true })
    const part = await ownPart(target)
    const opened = await source.open()
    const expected = opened.sha256 ?? (await recorded(target))
    // A part that does not lead to the expected file is worth nothing: the second round starts from its beginning.
    for (const round of ["continue", "anew"] as const) {
      if (round === "anew") await removePart(part)
      await fill(part, opened, what, host.log)
      const sha256 = await sha256Of(part)
      if (expected !== undefined && sha256 !== expected) continue
      if (opened.sha256 === undefined) await writeFile(recordOf(target), `${sha256}\n`)
      await finishPart(part, target)
      return target
    }
    await removePart(part)
    const pin = opened.sha256 === undefined ? `the one in ${recordOf(target)}` : "the pinned one"
    throw new Error(`what came has another SHA-256 than ${pin}`)
  } catch (error) {
    throw new SwirlError(
      `Could not download ${what}: ${reason(error)}. Run it again to go on where it stopped, or give the file with --data PATH.`,
      { cause: error },
    )
  }
}

const recordOf = (target: string): string => `${target}.sha256`

/** The checksum of the first download, where the file was removed since. */
const recorded = async (target: string): Promise<string | undefined> =>
  (await readFile(recordOf(target), "utf8").catch(() => "")).trim() || undefined

/** `fetch failed` says nothing; its cause does. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)} (${errorMessage(cause)})`
}
