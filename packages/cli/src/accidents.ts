/**
 * What code of others does to the process: it calls `process.exit`, throws where nobody catches, rejects what nobody waits
 * for, or lets the command wait for what never comes. Each ends the command by a sentence that says whose code it was, after
 * what is under way has been brought to disk.
 */
import { isAbsolute, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { errorMessage, whoIsAtWork, whoseCode } from "@swirl-ts/core"
import { Interruption, interrupt, lastWord } from "./interruption.ts"
import { endLoading } from "./loading.ts"

/** To be called once a process, before anything of others is loaded. */
export function abortOnAccidents(abort: AbortController): void {
  const { signal } = abort
  const end = (what: string, cause?: unknown): unknown => {
    if (signal.aborted) return signal.reason
    interrupt(abort, new Interruption(`${what}${othersAtWork()} ${goesOn}`, 1, cause))
    return signal.reason
  }
  process.exit = (code) => {
    throw end(`${whose("Some code of others")} called process.exit(${code ?? ""}), which would have ended the command.`)
  }
  process.on("uncaughtException", (error, origin) => {
    if (error === signal.reason) return
    end(`${whose("Something")} ${brokeOut(error, origin)}.`, error)
  })
  process.on("beforeExit", () => {
    if (endLoading()) return
    if (signal.aborted) lastWord(signal)
    end("The command waits for something that never comes, such as a promise that nothing settles.")
    // One more turn for what the abort sets going; then this is asked again.
    setImmediate(() => {})
  })
}

const goesOn = "What is done is on disk; once this is mended, the same command continues."

function whose(unknown: string): string {
  const name = whoseCode()
  return name ? `${name[0]!.toUpperCase()}${name.slice(1)}` : unknown
}

function othersAtWork(): string {
  const mine = whoseCode()
  const names = [...new Set(whoIsAtWork())].filter((name) => name !== mine)
  if (names.length === 0) return ""
  return ` At work${mine ? " beside it" : ""}: ${names.slice(0, 5).join("; ")}${names.length > 5 ? `; and ${names.length - 5} more` : ""}.`
}

/** What code did that nothing caught, e.g. `left a rejected promise behind: late (mine.ts, line 12)`. */
export function brokeOut(error: unknown, origin: NodeJS.UncaughtExceptionOrigin): string {
  const did = origin === "unhandledRejection" ? "left a rejected promise behind" : "threw where nothing catches it"
  return `${did}: ${errorMessage(error)}${placeOf(error)}`
}

/** ` (mine.ts, line 12)`: where an error was thrown, as its stack says it. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  const [, where, line] =
    /^\s+at .*?\(?((?:file:\/\/)?\/[^:()]+|file:\/\/\/[A-Z]:[^:()]+):(\d+):\d+\)?$/m.exec(stack) ?? []
  if (!where) return ""
  const path = where.startsWith("file:") ? fileURLToPath(where) : where
  const near = relative(process.cwd(), path)
  return ` (${near.startsWith("..") || isAbsolute(near) ? path : near}, line ${line})`
}
