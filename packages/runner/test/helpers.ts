/** What tests need besides: real folders and real processes. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"

export * from "./plain-helpers.ts"

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "swirl-runner-"))
  folders.push(folder)
  return folder
}

export function startChild(script: string, ...parameters: string[]): ChildProcess & { output: () => string } {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, ["-C", "@swirl-ts/source", path, ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  let text = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
  })
  return Object.assign(child, { output: () => text })
}

/** Waits until the child has written that many lines, or ended. */
export async function lines(child: ReturnType<typeof startChild>, count: number): Promise<void> {
  while (child.output().split("\n").length <= count && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once("close", () => resolve()) : resolve(),
  )
}
