/**
 * The files of a job as one zip that is named by its content, as Ray names them. Invariant: the same files give the same bytes
 * and the same name, so what the cluster has is not sent again, and what has another name was changed.
 */
import { createHash } from "node:crypto"
import { strToU8, zipSync } from "fflate"

export interface WorkingDirectory {
  /** `_ray_pkg_<16 hex digits>.zip` */
  name: string
  bytes: Uint8Array
  /** How a job names it. */
  uri: string
}

/** Of every file in the zip; the oldest that the format can say. */
const never = new Date(1980, 0, 1)

/** Texts by path. */
export function workingDirectory(files: Readonly<Record<string, string>>): WorkingDirectory {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  const entries = sorted.map(([path, text]) => [path, [strToU8(text), { mtime: never }]] as const)
  const bytes = zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0], { level: 6, mtime: never })
  const digest = createHash("sha256")
  for (const [path, text] of sorted) digest.update(`${path.length}:${path}${Buffer.byteLength(text)}:${text}`)
  const name = `_ray_pkg_${digest.digest("hex").slice(0, 16)}.zip`
  return { name, bytes, uri: `gcs://${name}` }
}
