/**
 * One command, ended by a signal every few seconds and started again until it ends by itself. Invariant: a life ends as its
 * signal says, soon, and with a sentence; anything else is a fault.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { appendFileSync } from "node:fs"
import type { Random } from "@swirl-ts/core"
import { hasEnded, sourceFlags, swirlCommand, swirlEnvironment } from "@swirl-ts/test-support"
import type { FaultServer } from "./server-process.ts"

export type Signal = "SIGKILL" | "SIGINT" | "SIGTERM"

export interface LivesOptions {
  args: readonly string[]
  /** Working directory; caches go there, too. */
  directory: string
  environment: Readonly<Record<string, string>>
  /** Modules that are loaded before the command. */
  preload?: readonly string[]
  /** Everything it prints, in all lives. */
  log: string
  /** Absent: one life, to its end. */
  kills?: {
    draw: Random
    server: FaultServer
    /** Requests of a life, at least and at most. */
    after: [number, number]
  }
}

export interface Lives {
  count: number
  /** Signals that ended a life. */
  signals: Record<Signal, number>
  /** Lives that came to their end with errors on record, which the next life tries again. */
  withErrors: number
  /** Longest time from a signal that asks to the end, in milliseconds. */
  slowestStop: number
  /** Of the last life. */
  json: Record<string, unknown>
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const
/** Milliseconds that a stop may take. */
const patience = 12_000
const mostLives = 1000
/** Milliseconds after which a life hangs. */
const longestLife = 600_000
const order: readonly Signal[] = ["SIGKILL", "SIGINT", "SIGTERM"]

export async function lives({ kills, ...options }: LivesOptions): Promise<Lives> {
  const result: Lives = {
    count: 0,
    signals: { SIGKILL: 0, SIGINT: 0, SIGTERM: 0 },
    withErrors: 0,
    slowestStop: 0,
    json: {},
  }
  while (result.count < mostLives) {
    const signal = kills && order[result.count % order.length]
    const life = await live(options, signal && kills && { ...kills, signal })
    result.count++
    if (life.stopped) {
      result.signals[life.stopped]++
      if (life.stopped !== "SIGKILL") result.slowestStop = Math.max(result.slowestStop, life.stopSpan)
      continue
    }
    if (life.code === 3) {
      result.withErrors++
      continue
    }
    result.json = JSON.parse(life.stdout) as Record<string, unknown>
    return result
  }
  throw new Error(`${options.args[0]} has not come to its end in ${mostLives} lives`)
}

interface Life {
  code: number | null
  stdout: string
  /** The signal that ended it. */
  stopped?: Signal
  stopSpan: number
}

async function live(
  { args, directory, environment, preload = [], log }: Omit<LivesOptions, "kills">,
  kill: (NonNullable<LivesOptions["kills"]> & { signal: Signal }) | undefined,
): Promise<Life> {
  const flags = [...sourceFlags, ...preload.flatMap((module) => ["--import", module])]
  const child = spawn(process.execPath, [...flags, swirlCommand, ...args, "--json"], {
    cwd: directory,
    env: swirlEnvironment(directory, environment),
    stdio: ["ignore", "pipe", "pipe"],
  })
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>
  let [stdout, stderr] = ["", ""]
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
  })
  let sent: number | undefined
  if (kill) {
    const { after, draw, server, signal } = kill
    const end = (): void => {
      if (hasEnded(child)) return
      sent = performance.now()
      child.kill(signal)
    }
    // It may end by itself before, and then the server ends with nobody to tell.
    server.requests(draw.integer(...after)).then(end, () => {})
  }
  const hangs = setTimeout(() => child.kill("SIGKILL"), longestLife)
  const [code, signal] = await closed
  clearTimeout(hangs)
  appendFileSync(log, `${stdout}${stderr}`)
  const stopSpan = sent === undefined ? 0 : performance.now() - sent
  const fault = (what: string): Error =>
    new Error(
      `${args[0]} ended with ${signal ?? `exit code ${code}`}${what}:\n${stderr.split("\n").slice(-15).join("\n")}`,
    )
  if (/^\s+at |unexpected|MaxListeners|UnhandledPromise/m.test(stderr)) throw fault(" and said what nobody should see")
  if (kill && sent !== undefined) {
    if (stopSpan > patience) throw fault(` ${Math.round(stopSpan)} ms after ${kill.signal}`)
    const isStopped = kill.signal === "SIGKILL" ? signal === kill.signal : code === exitCodes[kill.signal]
    if (isStopped) return { code, stdout, stopped: kill.signal, stopSpan }
  }
  // A signal that came when everything was done changes nothing.
  if (code !== 0 && code !== 3) throw fault("")
  return { code, stdout, stopSpan }
}
