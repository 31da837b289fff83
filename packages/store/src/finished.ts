/**
 * What finished commands said, each in a file of its own in the hidden folder `.finished` of a run: beside it stands the state of
 * every file that it goes by. Where one of them is other now, or was copied, the command was never finished: whoever asks looks
 * through the records as if there were no such file, which may be deleted at any time.
 */
import { canonicalJson } from "@swirl-ts/core"
import { isObject, parseJson, readTextIfThere, writeFileAtomic } from "@swirl-ts/kit"
import { isAbsolute, join, pause, statSync } from "@swirl-ts/platform"

export interface Finished<T> {
  /** What was said, where every file is as it was. */
  said(): Promise<T | undefined>
  /** `outputs`: the record files that were written, all of them closed. The folder's lock has to be held. */
  note(result: T, outputs: readonly string[]): Promise<void>
}

/**
 * `key` is a hash of everything that was asked, `facts` what else has to be the same. `inputs` are files, as they are now; a
 * path below the run folder is one there, wherever the folder is moved to.
 */
export function finishedCommand<T extends object>(
  directory: string,
  { key, inputs, facts }: { key: string; inputs: readonly string[]; facts(): Promise<unknown> },
): Finished<T> {
  const path = join(directory, ".finished", `${key}.json`)
  const before = statesOf(directory, inputs)
  return {
    async said() {
      const noted = parseJson((await readTextIfThere(path)) ?? "")
      if (!isObject(noted) || noted.schema !== schema || !isObject(noted.outputs)) return undefined
      const now = {
        inputs: before,
        outputs: statesOf(directory, Object.keys(noted.outputs)),
        facts: (await facts()) ?? null,
      }
      const then = { inputs: noted.inputs, outputs: noted.outputs, facts: noted.facts }
      return canonicalJson(now) === canonicalJson(then) ? (noted.result as T) : undefined
    },
    async note(result, outputs) {
      // A change within one tick of the file system's clock could not be told.
      await pause(tick)
      const record = { schema, inputs: before, outputs: statesOf(directory, outputs), facts: await facts(), result }
      await writeFileAtomic(path, JSON.stringify(record))
    },
  }
}

const schema = "swirl.finished/1"

/** Milliseconds; Linux stamps files every 4, or every 10. */
const tick = 20

/** Size, times of change of content and of inode, and inode, by path; null where there is no file. */
function statesOf(directory: string, paths: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    paths.map((path) => {
      const found = statSync(join(isAbsolute(path) ? "" : directory, path), { bigint: true, throwIfNoEntry: false })
      return [path, found ? `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}` : null]
    }),
  )
}
