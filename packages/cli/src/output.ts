/**
 * `--json` puts one JSON document on standard output; everything for people goes to standard error: one line that lives on a
 * terminal; plain lines elsewhere, at most one a second and at every tenth, and one every half minute while servers are asked.
 */
import type { Progress } from "@swirl-ts/stages"
import { createProgressLine, type ProgressLine } from "./progress-line.ts"

export interface Output {
  /** A line for people. */
  log(line: string): void
  /** The same, but not with `--quiet`. */
  say(line: string): void
  progress(progress: Progress): void
  /** Of the stages that were seen, how far those are that have not reached their end. */
  unfinished(): string[]
  /** The result: its document with `--json`, its text otherwise. */
  result(document: () => unknown, text: () => string | readonly string[]): void
}

const bar = (share: number): string => {
  const filled = Math.round(20 * share)
  return `${"█".repeat(filled)}${"░".repeat(20 - filled)}`
}

/** Milliseconds after which a line on a terminal is drawn anew, and after which something is said elsewhere while servers are asked. */
const [redrawn, heard] = [500, 30_000]

export function createOutput(
  options: { json: boolean; quiet?: boolean },
  streams: { out: NodeJS.WritableStream; err: NodeJS.WriteStream },
): Output {
  const terminal = streams.err.isTTY === true
  const last = new Map<string, { time: number; tenth: number }>()
  const lines = new Map<string, ProgressLine>()
  let newest: string | undefined
  let openLine = false
  const endLine = (): void => {
    if (openLine) streams.err.write("\n")
    openLine = false
  }
  const write = (text: string): void => {
    endLine()
    streams.err.write(`${text}\n`)
  }
  const draw = (line: ProgressLine, share: number | undefined): void => {
    const text = line.text(performance.now(), true)
    const whole = share === undefined ? text : `${bar(share)} ${text}`
    streams.err.write(`\r\x1b[2K${whole}`.slice(0, (streams.err.columns ?? 100) + 5))
    openLine = true
  }
  let lastShare: number | undefined
  // A stage in which nothing is done for long is seen to be alive: what is asked of servers changes meanwhile.
  const timer = setInterval(
    () => {
      const line = newest === undefined ? undefined : lines.get(newest)
      if (options.quiet || !line?.isAsking() || line.isFinished()) return
      if (terminal) return draw(line, lastShare)
      const now = performance.now()
      const { time, tenth } = last.get(newest!)!
      if (now - time < heard) return
      last.set(newest!, { time: now, tenth })
      write(line.text(now))
    },
    terminal ? redrawn : 5000,
  )
  timer.unref?.()
  return {
    log: write,
    say: (line) => {
      if (!options.quiet) write(line)
    },
    progress: (progress) => {
      const { stage, done, total } = progress
      // Of a clock that nobody sets: after a jump back, nothing would be shown until the old hour is reached again.
      const now = performance.now()
      const line = lines.get(stage) ?? createProgressLine(progress)
      lines.set(stage, line)
      line.see(progress, now)
      newest = stage
      if (options.quiet) return
      const previous = last.get(stage) ?? { time: total === undefined ? now : Number.NEGATIVE_INFINITY, tenth: -1 }
      const share = total === undefined ? 0 : total > 0 ? Math.min(1, done / total) : 0
      const tenth = total === undefined ? done : Math.floor(10 * share)
      const finished = line.isFinished()
      const shown = terminal
        ? finished || now - previous.time >= 100
        : tenth !== previous.tenth && (finished || now - previous.time >= 1000)
      last.set(stage, shown ? { time: now, tenth } : previous)
      if (!shown) return
      if (!terminal) return write(line.text(now))
      lastShare = total === undefined ? undefined : share
      draw(line, lastShare)
      if (finished) endLine()
    },
    unfinished: () => [...lines.values()].flatMap((line) => line.unfinished() ?? []),
    result: (document, text) => {
      endLine()
      const shown = options.json ? JSON.stringify(document(), null, 2) : [text()].flat().join("\n")
      streams.out.write(`${shown}\n`)
    },
  }
}
