/**
 * The checks of one plugin, run in a process of its own: whatever its code does (it never ends, lets nothing else run, ends
 * the process, prints), the command goes on, says it of that check, and runs the others in a new process.
 */
import { type ChildProcess, fork } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { SwirlError } from "@swirl-ts/core"
import type { CheckGroup, CheckResult } from "@swirl-ts/testing"

export interface CheckRequest {
  /** Package name or path. */
  plugin: string
  workingDirectory: string
  cacheDirectory: string
  /** As `--data` gives it. */
  data: readonly string[]
  /** Names of checks that are left out. */
  skip: readonly string[]
  /** Milliseconds a check may take. */
  timeout: number
}

/** A check by what it is of. */
export interface PlannedCheck {
  kind: CheckGroup["kind"]
  /** Of the contribution. */
  of: string
  name: string
}

export type CheckedResult = PlannedCheck & CheckResult

/** What the process is told: the request, and the first check that has not been run. */
export interface CheckStart {
  request: CheckRequest
  from: number
}

/** What the process says, in this order. */
export type CheckMessage =
  | { refused: string }
  | { planned: { plugin: { name: string; version: string }; checks: PlannedCheck[] } }
  | { started: number }
  | { finished: number; result: CheckResult }
  | { done: true }

export interface CheckedPlugin {
  plugin: { name: string; version: string }
  results: CheckedResult[]
}

/** Milliseconds for loading the plugin; beyond a check's own limit, for a process that lets nothing else run. */
const loadingTime = 90_000
const grace = 3_000

export async function checkPlugin(
  request: CheckRequest,
  abortSignal: AbortSignal,
  onResult: (result: CheckedResult) => void,
): Promise<CheckedPlugin> {
  const results: CheckedResult[] = []
  let planned: Extract<CheckMessage, { planned: unknown }>["planned"] | undefined
  const add = (index: number, result: CheckResult): void => {
    const checked = { ...planned!.checks[index]!, ...result }
    results.push(checked)
    onResult(checked)
  }
  for (;;) {
    const ended = await runProcess({ request, from: results.length }, abortSignal, {
      planned: (plan) => {
        planned = plan
      },
      finished: add,
    })
    if (ended === "done") return { plugin: planned!.plugin, results }
    if (!planned)
      throw new SwirlError(`The plugin ${request.plugin} ${ended.reason} when it is loaded.`, { kind: "usage" })
    const { name } = planned.checks[results.length] ?? { name: "" }
    if (name === "") return { plugin: planned.plugin, results }
    add(results.length, {
      name,
      status: "failed",
      reason: `In this check the code of the plugin ${ended.reason}.`,
      milliseconds: ended.milliseconds,
    })
  }
}

interface Listener {
  planned(plan: Extract<CheckMessage, { planned: unknown }>["planned"]): void
  finished(index: number, result: CheckResult): void
}

/** `done`, or what ended the process before its checks were. */
async function runProcess(
  start: CheckStart,
  abortSignal: AbortSignal,
  listener: Listener,
): Promise<"done" | { reason: string; milliseconds: number }> {
  abortSignal.throwIfAborted()
  const source = import.meta.url.endsWith(".ts")
  const entry = fileURLToPath(new URL(source ? "./check-child.ts" : "./check-child.js", import.meta.url))
  // What the plugin prints is for people.
  // What it writes there, e.g. a tool that makes files by the names that it is given, is nobody's.
  const cwd = await mkdtemp(join(tmpdir(), "swirl-check-"))
  const env = { ...process.env, TMPDIR: cwd, TMP: cwd, TEMP: cwd }
  const child = fork(entry, [], { cwd, env, stdio: ["ignore", 2, "inherit", "ipc"] })
  const onAbort = (): void => void child.kill("SIGKILL")
  abortSignal.addEventListener("abort", onAbort, { once: true })
  try {
    return await followed(child, start, listener)
  } finally {
    abortSignal.removeEventListener("abort", onAbort)
    child.kill("SIGKILL")
    await rm(cwd, { recursive: true, force: true })
    abortSignal.throwIfAborted()
  }
}

function followed(child: ChildProcess, start: CheckStart, { planned, finished }: Listener) {
  return new Promise<"done" | { reason: string; milliseconds: number }>((resolve, reject) => {
    let began = performance.now()
    let timer: NodeJS.Timeout | undefined
    const end = (reason: string): void => {
      clearTimeout(timer)
      resolve({ reason, milliseconds: Math.round(performance.now() - began) })
    }
    const wait = (milliseconds: number): void => {
      clearTimeout(timer)
      began = performance.now()
      timer = setTimeout(() => {
        child.kill("SIGKILL")
        end(
          `went on for more than ${Math.round(milliseconds / 1000)} s and let nothing else run (a loop that never ends?)`,
        )
      }, milliseconds)
    }
    wait(loadingTime)
    child.on("message", (message: CheckMessage) => {
      if ("refused" in message) {
        clearTimeout(timer)
        reject(new SwirlError(message.refused, { kind: "usage" }))
      } else if ("planned" in message) planned(message.planned)
      else if ("started" in message) wait(start.request.timeout + grace)
      else if ("finished" in message) finished(message.finished, message.result)
      else {
        clearTimeout(timer)
        resolve("done")
      }
    })
    child.on("error", (error) => end(`could not be run: ${error.message}`))
    child.on("exit", (code, signal) => end(`ended the process (${signal ?? `exit code ${code}`})`))
    child.send(start)
  })
}
