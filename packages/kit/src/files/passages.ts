/**
 * A file of passages: a line of JSON each, `{"title": …, "text": …}`. Lines that are none are left out and counted, unless
 * they are more than half of all: real corpora have a few broken lines, and a file of another kind has nothing else.
 */
import { type Passage, type Skipped, SwirlError } from "@swirl-ts/core"
import { basename, open } from "@swirl-ts/platform"
import { counted } from "../values/counted.ts"
import { isObject, parseJson } from "../values/json.ts"
import { BrokenFile } from "./broken-file.ts"
import { onDisk } from "./disk-errors.ts"
import { utf8Lines } from "./lines.ts"

export interface PassageFile {
  passages(): AsyncGenerator<Passage>
  /** What the last reading has left out. */
  skipped(): Skipped
}

/** Nothing is read before `passages` is asked for; that throws a SwirlError for a file of another kind. */
export function passageFile(path: string): PassageFile {
  let count = 0
  let lines: string[] = []
  return {
    skipped: () => ({ count, lines }),
    async *passages() {
      await refuseDocument(path)
      count = 0
      lines = []
      let good = 0
      let number = 0
      for await (const line of utf8Lines(path)) {
        number++
        if (line?.trim() === "") continue
        const passage = line === undefined ? "not UTF-8" : readPassage(line)
        if (typeof passage !== "string") {
          good++
          yield passage
          continue
        }
        count++
        if (lines.length < 5) lines.push(`line ${number}: ${passage}`)
      }
      if (good > 0 && count <= good) return
      const why = lines.length > 0 ? ` (${lines.join("; ")})` : ""
      throw new BrokenFile(
        `${path} has ${counted(good, "passage")} and ${counted(count, "line that is", "lines that are")} none${why}. Each line has to be {"title": "…", "text": "…"}.`,
      )
    },
  }
}

/** JSON that is laid out otherwise than a passage a line, told by its beginning. */
async function refuseDocument(path: string): Promise<void> {
  const head = await headOf(path)
  const name = basename(path)
  const [what, filter] = /^\s*\[\s*\{/.test(head)
    ? ["is one JSON array", '-c ".[]"']
    : /^\s*\{[^\S\n]*\n/.test(head)
      ? ["has JSON objects over several lines", "-c ."]
      : []
  if (!what) return
  const command = `jq ${filter} "${name}" > "${name}.lines.jsonl"`
  throw new SwirlError(`${path} ${what}; passages are read a line each. Turn it into JSON lines, e.g. by: ${command}`, {
    kind: "usage",
  })
}

const headOf = (path: string): Promise<string> =>
  onDisk("read", path, async () => {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
      return buffer.toString("utf8", 0, bytesRead)
    } finally {
      await file.close()
    }
  })

/** The passage, or what is wrong with the line. A missing title is an empty one. */
function readPassage(line: string): Passage | string {
  const value = parseJson(line)
  if (value === undefined) return "not JSON"
  if (!isObject(value)) return "not an object"
  const { title = "", text } = value
  if (typeof text !== "string") return "no text"
  if (typeof title !== "string") return "a title that is no text"
  return { title, text }
}
