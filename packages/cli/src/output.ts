/**
 * `--json` puts one JSON document on standard output; everything for people goes to standard error:
 * a bar on a terminal, plain lines elsewhere, at most one a second and at every tenth.
 */
import type { Progress } from "@swirl-ts/stages"

export interface Output {
  /** A line for people. */
  log(line: string): void
  /** The same, but not with `--quiet`. */
  say(line: string): void
  progress(progress: Progress): void
  /** The result: its document with `--json`, its text otherwise. */
  result(document: () => unknown, text: () => string | readonly string[]): void
}

const bar = (share: number): string => {
  const filled = Math.round(20 * share)
  return `${"█".repeat(filled)}${"░".repeat(20 - filled)}`
}

export function createOutput(
  options: { json: boolean; quiet?: boolean },
  streams: { out: NodeJS.WritableStream; err: NodeJS.WriteStream },
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
    log: write,
    say: (line) => {
      if (!options.quiet) write(line)
    },
    progress: ({ stage, done, total, detail }) => {
      if (options.quiet) return
      // Of a clock that nobody sets: after a jump back, nothing would be shown until the old hour is reached again.
      const now = performance.now()
      const previous = last.get(stage) ?? { time: total === undefined ? now : Number.NEGATIVE_INFINITY, tenth: -1 }
      const share = total === undefined ? 0 : total > 0 ? Math.min(1, done / total) : 0
      const tenth = total === undefined ? done : Math.floor(10 * share)
      const finished = total !== undefined && done >= total
      const text = `${stage} ${done}${total === undefined ? "" : `/${total}`}${detail ? ` · ${detail}` : ""}`
      const shown = terminal
        ? finished || now - previous.time >= 100
        : tenth !== previous.tenth && (finished || now - previous.time >= 1000)
      last.set(stage, shown ? { time: now, tenth } : previous)
      if (!shown) return
      if (!terminal) return write(text)
      const line = total === undefined ? text : `${bar(share)} ${text}`
      streams.err.write(`\r\x1b[2K${line}`.slice(0, (streams.err.columns ?? 100) + 5))
      openLine = true
      if (finished) endLine()
    },
    result: (document, text) => {
      endLine()
      const shown = options.json ? JSON.stringify(document(), null, 2) : [text()].flat().join("\n")
      streams.out.write(`${shown}\n`)
    },
  }
}
