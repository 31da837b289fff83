/** What the file system refused, as a sentence that says what to do. Anything that is no system error passes unchanged. */
import { isSwirlError, SwirlError } from "@swirl-ts/core"
import { errorCode } from "../values/error-code.ts"

const sentences: Record<string, string> = {
  ENOSPC: "the disk is full. Free some space and run the same command again: it continues where it stopped.",
  EDQUOT: "your disk quota is used up. Free some space and run the same command again.",
  EACCES: "permission was denied. Check who owns it and its mode.",
  EPERM: "permission was denied. Check who owns it and its mode.",
  EROFS: "the file system is read-only. Use another folder (--run).",
  EISDIR: "there is a folder of that name where a file belongs. Move it away or use another folder (--run).",
  ENOTDIR: "part of that path is a file, not a folder. Use another folder (--run).",
  ENOENT: "it does not exist. Check the path.",
  EMFILE: "too many files are open. Raise the limit (ulimit -n) or lower --concurrency.",
  ENFILE: "too many files are open on this machine.",
  EIO: "the disk reported an input/output error. Check the disk.",
  ENAMETOOLONG: "the name is too long. Use a shorter name.",
  EFBIG: "the file would become larger than allowed (ulimit -f).",
}

/** `diskError(error, "write", "/x/trajectories.jsonl")` -> "Could not write /x/trajectories.jsonl: the disk is full. …" */
export function diskError(error: unknown, verb: string, path: string): unknown {
  if (isSwirlError(error)) return error
  const sentence = sentences[errorCode(error) ?? ""]
  return sentence ? new SwirlError(`Could not ${verb} ${path}: ${sentence}`, { cause: error }) : error
}

/** Runs a file operation and turns its failure into a sentence. */
export async function onDisk<T>(verb: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw diskError(error, verb, path)
  }
}
