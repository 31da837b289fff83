/** The commit that a folder stands at, where it is one of Git's; asked for once a process. */
import { programOutput } from "@swirl-ts/platform"

const known = new Map<string, Promise<string | undefined>>()

/** 40 hex digits, and `-dirty` where tracked files have changed; undefined without Git or a commit. */
export function gitRevision(directory: string): Promise<string | undefined> {
  const before = known.get(directory)
  if (before) return before
  const command = ["-C", directory, "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
  const asked = programOutput("git", command, { timeout: 5000 }).then(
    (output) => output.trim() || undefined,
    () => undefined,
  )
  known.set(directory, asked)
  return asked
}
