/** What the file system refused, as a sentence that says what to do. Anything that is no system error passes unchanged. */
import { isSwirlError, SwirlError } from "@swirl-ts/core"
import { errorCode } from "../values/error-code.ts"

/** What whoever runs the command can change by another path, another mode or another name. */
const usage: Record<string, string> = {
  EACCES: "permission was denied. Check who owns it and its mode.",
  EPERM: "permission was denied. Check who owns it and its mode.",
  EROFS: "the file system is read-only. Use another folder (--run).",
  EISDIR: "there is a folder of that name where a file belongs. Move it away or use another folder (--run).",
  ENOTDIR: "part of that path is a file, not a folder. Use another folder (--run).",
  EEXIST: "there is a file or a link of that name where a folder belongs. Move it away or use another folder (--run).",
  ENOENT: "it does not exist. Check the path.",
  ELOOP: "it is a link that leads back to itself. Remove it or use another path.",
  ENAMETOOLONG: "the name is too long. Use a shorter name.",
}

const failures: Record<string, string> = {
  ENOSPC: "the disk is full. Free some space and run the same command again: it continues where it stopped.",
  EDQUOT: "your disk quota is used up. Free some space and run the same command again.",
  EMFILE: "too many files are open. Raise the limit (ulimit -n) or lower --concurrency.",
  ENFILE: "too many files are open on this machine.",
  EIO: "the disk reported an input/output error. Check the disk.",
  EFBIG: "the file would become larger than allowed (ulimit -f).",
}

/** `diskError(error, "write", "/x/trajectories.jsonl")` -> "Could not write /x/trajectories.jsonl: the disk is full. …" */
export function diskError(error: unknown, verb: string, path: string): unknown {
  if (isSwirlError(error)) return error
  const code = errorCode(error) ?? ""
  const sentence = usage[code] ?? failures[code]
  if (sentence === undefined) return error
  return new SwirlError(`Could not ${verb} ${path}: ${sentence}`, {
    kind: code in usage ? "usage" : "failed",
    cause: error,
  })
}

/** Runs a file operation and turns its failure into a sentence. */
export async function onDisk<T>(verb: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw diskError(error, verb, path)
  }
}
