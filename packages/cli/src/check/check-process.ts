/**
 * The checks of one plugin, run in a process of its own: whatever its code does (it never ends, lets nothing else run, ends
 * the process, prints), the command goes on, says it of that check, and runs the others in a new process.
 */
import type { ChildProcess } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import type { CheckGroup, CheckResult } from "@swirl-ts/testing"
import { forkModule } from "../fork-module.ts"

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

interface CheckPlan {
  plugin: { name: string; version: string }
  checks: PlannedCheck[]
}

/** What the process says, in this order; of each check that it runs, that it begins and how it ended. */
export type CheckMessage =
  | { refused: string }
  | { planned: CheckPlan }
  | { started: true }
  | { finished: CheckResult }
  | { done: true }

export interface CheckedPlugin {
  plugin: CheckPlan["plugin"]
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
  let planned: CheckPlan | undefined
  const add = (result: CheckResult): void => {
    const checked = { ...planned!.checks[results.length]!, ...result }
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
    add({
      name,
      status: "failed",
      reason: `In this check the code of the plugin ${ended.reason}.`,
      milliseconds: ended.milliseconds,
    })
  }
}

interface Listener {
  planned(plan: CheckPlan): void
  finished(result: CheckResult): void
}

/** `done`, or what ended the process before its checks were. */
async function runProcess(
  start: CheckStart,
  abortSignal: AbortSignal,
  listener: Listener,
): Promise<"done" | { reason: string; milliseconds: number }> {
  abortSignal.throwIfAborted()
  // What it writes there, e.g. a tool that makes files by the names that it is given, is nobody's.
  const cwd = await mkdtemp(join(tmpdir(), "swirl-check-"))
  const env = { ...process.env, TMPDIR: cwd, TMP: cwd, TEMP: cwd }
  const child = forkModule("./check/check-child", { cwd, env })
  const onAbort = (): void => void child.kill("SIGKILL")
  abortSignal.addEventListener("abort", onAbort, { once: true })
  try {
    return await followed(child, start, listener)
  } finally {
    abortSignal.removeEventListener("abort", onAbort)
    child.kill("SIGKILL")
    // What was on its way when its time was up is of a check that has its result.
    child.removeAllListeners("message")
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
      else if ("finished" in message) finished(message.finished)
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
