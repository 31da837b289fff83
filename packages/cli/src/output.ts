/**
 * `--json` puts one JSON document on standard output; everything for people goes to standard error:
 * a bar on a terminal, plain lines elsewhere, at most one a second and at every tenth.
 */
import type { Progress } from "@swirl-ts/stages"

export interface Output {
  json: boolean
  /** A line for people. */
  say(line: string): void
  progress(progress: Progress): void
  /** The result: the document with `--json`, its text otherwise. */
  result(document: unknown, text: string | readonly string[]): void
}

const bar = (share: number): string => {
  const filled = Math.round(20 * share)
  return `${"█".repeat(filled)}${"░".repeat(20 - filled)}`
}

export function createOutput(
  options: { json: boolean; quiet?: boolean },
  streams = { out: process.stdout, err: process.stderr },
): Output {
  const terminal = streams.err.isTTY === true
  const last = new Map<string, { time: number; tenth: number }>()
  let openLine = false
  const endLine = (): void => {
    if (openLine) streams.err.write("\n")
    openLine = false
  }
  const write = (text: string): void => {
    endLine()
    streams.err.write(`${text}\n`)
  }
  return {
    json: options.json,
    say: (line) => {
      if (!options.quiet) write(line)
    },
    progress: ({ stage, done, total, detail }) => {
      if (options.quiet) return
      const share = total > 0 ? Math.min(1, done / total) : 0
      const now = Date.now()
      const previous = last.get(stage) ?? { time: 0, tenth: -1 }
      const tenth = Math.floor(10 * share)
      const finished = done >= total
      const text = `${stage} ${done}/${total}${detail ? ` · ${detail}` : ""}`
      if (terminal) {
        if (!finished && now - previous.time < 100) return
        streams.err.write(`\r\x1b[2K${bar(share)} ${text}`.slice(0, (streams.err.columns ?? 100) + 5))
        openLine = true
        if (finished) endLine()
      } else {
        if (tenth === previous.tenth || (!finished && now - previous.time < 1000)) return
        write(text)
      }
      last.set(stage, { time: now, tenth })
    },
    result: (document, text) => {
      endLine()
      if (options.json) streams.out.write(`${JSON.stringify(document, null, 2)}\n`)
      else streams.out.write(`${typeof text === "string" ? text : text.join("\n")}\n`)
    },
  }
}
