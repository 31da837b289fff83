/**
 * One remote file into the cache. Invariant: a file under its final name is complete and has its SHA-256, the pinned one
 * or the one the server told; everything else is a `.part`. Where nobody told one, what came first is
 * written beside the file, `<file>.sha256`, and holds from then on.
 */
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { dirname, join, writeFile } from "@swirl-ts/platform"
import { fileDigest } from "../files/digest.ts"
import { makeFolder } from "../files/make-folder.ts"
import { readTextIfThere } from "../files/read-text.ts"
import { fill } from "./fill.ts"
import { finishPart, ownPart, removePart, sizeOf } from "./part-file.ts"
import { isOffline, type RemoteFile, type Source, sourceOf } from "./remote-file.ts"

interface Running {
  file: Promise<string>
  callers: number
  stop: AbortController
}
const running = new Map<string, Running>()

/**
 * Returns where the file is; downloads it first where it is not there. Callers at the same time share one download, which
 * stops when all of them have aborted; what came of it is gone on with by the next call.
 */
export async function download(
  file: RemoteFile,
  host: Host,
  { abortSignal }: { abortSignal?: AbortSignal } = {},
): Promise<string> {
  const source = sourceOf(file, host)
  const target = join(host.cacheDirectory, source.place)
  // One that is stopping has to end first: two would write one part.
  for (let ending = running.get(target); ending?.stop.signal.aborted; ending = running.get(target))
    await ending.file.catch(() => {})
  abortSignal?.throwIfAborted()
  const shared = running.get(target) ?? begin(source, target, host)
  shared.callers++
  const leave = (): void => {
    if (--shared.callers === 0) shared.stop.abort(abortSignal?.reason)
  }
  abortSignal?.addEventListener("abort", leave)
  try {
    return await shared.file
  } finally {
    abortSignal?.removeEventListener("abort", leave)
  }
}

function begin(source: Source, target: string, host: Host): Running {
  const stop = new AbortController()
  const file = fetchOnce(source, target, host, stop.signal).finally(() => running.delete(target))
  const begun = { file, callers: 0, stop }
  running.set(target, begun)
  return begun
}

async function fetchOnce(source: Source, target: string, host: Host, abortSignal: AbortSignal): Promise<string> {
  if (await sizeOf(target)) return target
  const { what } = source
  try {
    if (isOffline(host)) throw new Error("HF_HUB_OFFLINE is set")
    await makeFolder(dirname(target))
    const part = await ownPart(target)
    const opened = await source.open(abortSignal)
    const expected = opened.sha256 ?? (await recorded(target))
    // A part that does not lead to the expected file is worth nothing: the second round starts from its beginning.
    for (const round of ["continue", "anew"] as const) {
      if (round === "anew") await removePart(part)
      await fill(part, opened, what, host.log)
      const sha256 = await fileDigest(part, { abortSignal })
      if (expected !== undefined && sha256 !== expected) continue
      if (opened.sha256 === undefined) await writeFile(recordOf(target), `${sha256}\n`)
      await finishPart(part, target)
      return target
    }
    await removePart(part)
    const pin = opened.sha256 === undefined ? `the one in ${recordOf(target)}` : "the pinned one"
    throw new Error(`what came has another SHA-256 than ${pin}`)
  } catch (error) {
    abortSignal.throwIfAborted()
    throw new SwirlError(
      `Could not download ${what}: ${reason(error)}. Run it again to go on where it stopped, or ${source.otherwise}.`,
      { cause: error },
    )
  }
}

const recordOf = (target: string): string => `${target}.sha256`

/** The checksum of the first download, where the file was removed since. */
const recorded = async (target: string): Promise<string | undefined> =>
  (await readTextIfThere(recordOf(target)))?.trim() || undefined

/** `fetch failed` says nothing; its cause does. */
export function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)} (${errorMessage(cause)})`
}
