/** Where a dataset's file is: on the Hugging Face hub, or at an official host. */
import { createWriteStream } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { ReadableStream } from "node:stream/web"
import { downloadFile, fileDownloadInfo } from "@huggingface/hub"
import type { Host } from "@swirl-ts/core"
import { sizeOf } from "./part-file.ts"

export interface HubFile {
  /** `owner/name` of the dataset. */
  repository: string
  /** A commit, so that the file never changes; a branch where no commit is known. */
  revision: string
  path: string
  /** Where it is not pinned, the hub's own checksum is taken, where it gives one. */
  sha256?: string
}

export interface HostFile {
  url: string
  sha256?: string
  /** Bytes, where they are known. */
  size?: number
}

export type RemoteFile = HubFile | HostFile

/** A remote file as it is fetched. `size` and `sha256` where pinned or told by the server. */
export interface Source {
  /** For people: what, from where. */
  what: string
  /** Below the cache folder. */
  place: string
  open(): Promise<{
    size?: number
    sha256?: string
    rest(from: number): Promise<{ from: number; body: ReadableStream }>
  }>
}

export function sourceOf(file: RemoteFile, host: Host): Source {
  return "url" in file ? hostSource(file) : hubSource(file, host)
}

function hubSource(file: HubFile, host: Host): Source {
  const hubUrl = (host.environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "")
  const repo = { type: "dataset", name: file.repository } as const
  const location = { repo, path: file.path, revision: file.revision, hubUrl }
  return {
    what: `${file.path} of ${file.repository} from ${hubUrl}`,
    place: join(file.repository.replace("/", "--"), file.revision, file.path),
    async open() {
      const info = await fileDownloadInfo(location)
      if (!info) throw new Error("the hub has no such file")
      const told = /^"?([0-9a-f]{64})"?$/.exec(info.etag)?.[1]
      const sha256 = file.sha256 ?? told
      return {
        size: info.size,
        ...(sha256 ? { sha256 } : {}),
        rest: async (from) => {
          const blob = await downloadFile({ ...location, downloadInfo: info, xet: false })
          if (!blob) throw new Error("the hub has no such file")
          return { from, body: (from ? blob.slice(from) : blob).stream() as ReadableStream }
        },
      }
    },
  }
}

function hostSource(file: HostFile): Source {
  const { host, pathname } = new URL(file.url)
  return {
    what: file.url,
    place: join(host.replace(":", "-"), ...pathname.split("/").filter(Boolean).map(decodeURIComponent)),
    open: async () => ({
      ...(file.size === undefined ? {} : { size: file.size }),
      ...(file.sha256 ? { sha256: file.sha256 } : {}),
      rest: async (from) => {
        const response = await fetch(file.url, from ? { headers: { range: `bytes=${from}-` } } : {})
        if (!response.ok || !response.body)
          throw new Error(`the host answered ${response.status} ${response.statusText}`)
        // A host that knows no ranges sends the whole file again.
        return { from: response.status === 206 ? from : 0, body: response.body as ReadableStream }
      },
    }),
  }
}

/** Appends to a part what is missing of it. Throws when the connection ends early; what came stays. */
export async function fill(part: string, source: Awaited<ReturnType<Source["open"]>>, log: (have: number) => void) {
  let have = await sizeOf(part)
  const { size } = source
  if (size !== undefined && have > size) {
    await rm(part)
    have = 0
  }
  if (have > 0 && have === size) return
  log(have)
  const { from, body } = await source.rest(have)
  await pipeline(Readable.fromWeb(body), createWriteStream(part, { flags: from ? "a" : "w" }))
  const got = await sizeOf(part)
  if (size !== undefined && got < size) throw new Error(`the connection ended after ${got} of ${size} bytes`)
}
