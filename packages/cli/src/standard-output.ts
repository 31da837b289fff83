/** Standard output belongs to the result. What others print there goes to standard error, so that `--json` stays one document. */
import { Writable } from "node:stream"

let result: Writable | undefined

/** The way to standard output, from now on the only one in this process. */
export function resultStream(): Writable {
  if (result) return result
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  result = new Writable({
    decodeStrings: false,
    write: (chunk, encoding, done) => void write(chunk, encoding, () => done()),
  })
  return result
}
