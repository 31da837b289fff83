/** The command as people meet it: from source, as a process of its own, in a folder. Nothing is downloaded. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { sourceFlags } from "./processes.ts"

export const swirlCommand = fileURLToPath(new URL("../../cli/bin/swirl.mjs", import.meta.url))

export class Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string

  constructor(code: number, stdout: string, stderr: string) {
    this.code = code
    this.stdout = stdout
    this.stderr = stderr
  }

  /** The document that `--json` prints. */
  get json(): ReturnType<typeof JSON.parse> {
    try {
      return JSON.parse(this.stdout)
    } catch {
      throw new Error(`no JSON on standard output, exit code ${this.code}: ${this.stdout}${this.stderr}`)
    }
  }
}

export function swirlEnvironment(directory: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const nowhere = "http://127.0.0.1:9"
  return { ...process.env, SWIRL_CACHE: join(directory, "cache"), NODE_OPTIONS: "", HF_ENDPOINT: nowhere, ...more }
}

/** `const swirl = swirlIn(folder)`, then `await swirl("eval", "gsm8k", "--json")`. */
export const swirlIn =
  (directory: string, environment: Readonly<Record<string, string>> = {}) =>
  (...args: string[]): Promise<Finished> => {
    const options = { cwd: directory, env: swirlEnvironment(directory, environment), maxBuffer: 1e8 }
    return new Promise((resolve) => {
      execFile(process.execPath, [...sourceFlags, swirlCommand, ...args], options, (error, stdout, stderr) =>
        resolve(new Finished(error ? Number(error.code ?? 1) : 0, stdout, stderr)),
      )
    })
  }
