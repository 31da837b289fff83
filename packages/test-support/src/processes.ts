/** Real processes: started from a source file, watched by what they write, waited for. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

/** What Node needs to run the workspace's sources. */
export const sourceFlags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]

export interface Child extends ChildProcess {
  /** What it has written to standard output so far. */
  output(): string
}

/** `script`: `new URL("thing-child.ts", import.meta.url)`. Its standard error goes to that of the tests. */
export function startChild(script: URL, ...parameters: string[]): Child {
  const child = spawn(process.execPath, [...sourceFlags, fileURLToPath(script), ...parameters], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  let text = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
  })
  return Object.assign(child, { output: () => text })
}

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** Resolves to the exit code, `null` where a signal ended it. */
export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) =>
    hasEnded(child) ? resolve(child.exitCode) : child.once("close", (code) => resolve(code)),
  )
}

export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms in vain for ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Waits until the child has written that many lines, or ended. */
export const lines = (child: Child, count: number): Promise<void> =>
  until(() => child.output().split("\n").length > count || hasEnded(child))
