/** Standard output belongs to the result. What others print there goes to standard error, so that `--json` stays one document. */
import { Writable } from "node:stream"

let result: Writable | undefined
let isUsed = false
let failure: NodeJS.ErrnoException | undefined

/** The way to standard output, from now on the only one in this process. */
export function resultStream(): Writable {
  if (result) return result
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  result = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      isUsed = true
      write(chunk, encoding, (error) => {
        failure ??= error ?? undefined
        done()
      })
    },
  })
  return result
}

/**
 * Resolves once all of the result was taken, to the reason where it was not: what was written to a pipe may still be on its
 * way, and `process.exit` would drop it; a file may be on a disk that is full.
 */
export const resultTaken = (): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    if (!isUsed && process.stdout.writableLength === 0) resolve(undefined)
    else resultStream().write("", () => resolve(failure))
  })
