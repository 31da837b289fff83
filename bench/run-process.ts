/** One side or part of a benchmark in a process of its own, so that its memory and its threads are its own. */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"

export interface ProcessOptions {
  environment?: NodeJS.ProcessEnv
  /** Its standard input. */
  input?: string
  /** It is killed after so many milliseconds. */
  timeout?: number
  onLine?: (line: string) => void
}

export interface ProcessResult {
  /** Of its standard output, also where it failed. */
  lines: string[]
  /** Why it did not end well. */
  failure?: string
}

export function runProcess(
  command: string,
  parts: readonly string[],
  { environment, input = "", timeout, onLine }: ProcessOptions = {},
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const child = spawn(command, parts, { env: environment, stdio: "pipe", timeout, killSignal: "SIGKILL" })
    const lines: string[] = []
    let errors = ""
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line)
      onLine?.(line)
    })
    child.stderr.on("data", (data) => {
      errors = (errors + data).slice(-10_000)
    })
    child.on("error", ({ message }) => resolve({ lines, failure: message }))
    child.on("close", (code, signal) => {
      const failure = code === 0 ? undefined : (signal ?? (errors.trim().split("\n").at(-1) || `exit code ${code}`))
      resolve({ lines, failure })
    })
    child.stdin.on("error", () => {})
    child.stdin.end(input)
  })
}
