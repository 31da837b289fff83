/** The commit that a folder stands at, where it is one of Git's; asked for once a process. */
import { execFile } from "node:child_process"

const known = new Map<string, Promise<string | undefined>>()

/** 40 hex digits, and `-dirty` where tracked files have changed; undefined without Git or a commit. */
export function gitRevision(directory: string): Promise<string | undefined> {
  const before = known.get(directory)
  if (before) return before
  const asked = new Promise<string | undefined>((resolve) => {
    const command = ["describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
    execFile("git", ["-C", directory, ...command], { timeout: 5000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim() || undefined),
    )
  })
  known.set(directory, asked)
  return asked
}
