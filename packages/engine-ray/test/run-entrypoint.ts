/** A job of the fake server as a process of this machine: its files in a folder, its entrypoint by a shell, its output as its log. */
import { type ChildProcess, spawn } from "node:child_process"
import { temporaryFolder } from "@swirl-ts/test-support"
import type { FakeJob } from "./fake-ray.ts"

export function runEntrypoint(job: FakeJob, environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn("/bin/sh", ["-c", job.submission.entrypoint], {
    cwd: temporaryFolder(job.files),
    env: { PATH: process.env.PATH, ...environment },
    // A group of its own, to be ended whole.
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      job.logs += text
    })
  child.on("close", (code, signal) => {
    const message = `Job entrypoint command failed with exit code ${code ?? signal}`
    if (job.status !== "RUNNING") return
    if (code === 0) Object.assign(job, { status: "SUCCEEDED", message: "Job finished successfully." })
    else
      Object.assign(job, {
        status: "FAILED",
        message,
        exitCode: code ?? undefined,
        errorType: "JOB_ENTRYPOINT_COMMAND_ERROR",
      })
  })
  return child
}
