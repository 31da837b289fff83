/** Tools of the system that build the native backend, as processes whose failure is a sentence. */
import { spawn } from "node:child_process"
import { dirname } from "node:path"

export interface ToolOptions {
  cwd: string
  environment?: Record<string, string>
  /** Ends the tool. */
  signal?: AbortSignal
  /** What a failure calls it, where its arguments say little. */
  shown?: string
}

/** What it wrote, both streams. npm and npx are those beside this Node, where it has them. */
export interface ToolResult {
  stdout: string
  stderr: string
}

/** It could not be started, or ended badly. */
export class ToolFailure extends Error {
  /** Both streams. */
  readonly output: string
  constructor(message: string, output: string) {
    super(message)
    this.name = "ToolFailure"
    this.output = output
  }
}

/** How a longer work says how far it is, and how it is ended. */
export interface Steps {
  log: (line: string) => void
  signal?: AbortSignal
}

/** Most that is kept of either stream. */
const kept = 64_000

export function runTool(tool: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, environment = {}, signal, shown = `${tool} ${args.join(" ")}` } = options
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`
  return new Promise((done, fail) => {
    const child = spawn(tool, args, {
      cwd,
      env: { ...process.env, ...environment, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    })
    const result: ToolResult = { stdout: "", stderr: "" }
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].on("data", (chunk: Buffer) => {
        result[stream] = (result[stream] + chunk.toString()).slice(-kept)
      })
    child.on("error", (error) => fail(new ToolFailure(`${shown}: could not be started: ${error.message}`, "")))
    child.on("close", (code, ended) => {
      if (code === 0) return done(result)
      const output = `${result.stdout}${result.stderr}`.trim()
      fail(
        new ToolFailure(`${shown}: failed with ${ended ?? `code ${code}`} in ${cwd}:\n${output.slice(-4000)}`, output),
      )
    })
  })
}
