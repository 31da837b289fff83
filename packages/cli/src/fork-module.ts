/** A module of this package as a process of its own: from the sources, or as it is built. */
import { type ChildProcess, type ForkOptions, fork } from "node:child_process"
import { extname } from "node:path"

/** `path`: from here, without its ending. What the process prints is for people. */
export const forkModule = (path: string, options?: ForkOptions): ChildProcess =>
  fork(new URL(`${path}${extname(import.meta.url)}`, import.meta.url), [], {
    ...options,
    stdio: ["ignore", 2, "inherit", "ipc"],
  })
