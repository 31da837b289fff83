/** Where a file of a dataset or model is: on the Hugging Face hub, or at an official host. */
import { Readable } from "node:stream"
import type { ReadableStream } from "node:stream/web"
import type { Host } from "@swirl-ts/core"
import { join } from "@swirl-ts/platform"

export interface HubFile {
  /** What the repository is. Default: a dataset. */
  kind?: "dataset" | "model"
  /** `owner/name`. */
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

/** A remote file as it is fetched. */
export interface Source {
  /** For people: what, from where. */
  what: string
  /** Below the cache folder. */
  place: string
  /** What people can do instead: the end of a sentence. */
  otherwise: string
  open(abortSignal: AbortSignal): Promise<Opened>
}

/** `size` and `sha256` where pinned or told by the server; `version` where it is told before any byte. */
export interface Opened {
  size?: number
  sha256?: string
  version?: string
  /**
   * The bytes from a place on; the server may begin earlier, and begins at 0 where it has another version than the one
   * given. No body: there is nothing left.
   */
  rest(from: number, version?: string): Promise<Rest>
}

interface Rest {
  from: number
  size?: number
  /** Taken off the response at once: `fetch` cancels the body of a response that is collected as garbage before it is read. */
  body?: Readable
  /** Another one for other bytes, e.g. an ETag. */
  version?: string
}

export function sourceOf(file: RemoteFile, host: Host): Source {
  return "url" in file ? hostSource(file) : hubSource(file, host)
}

/** `HF_HUB_OFFLINE`, as the hub's own libraries have it: what is not in the cache is not there. */
export const isOffline = ({ environment }: Pick<Host, "environment">): boolean =>
  /^(1|on|yes|true)$/i.test(environment.HF_HUB_OFFLINE ?? "")

const giveTheFile = "give the file with --data PATH"

/** `HF_ENDPOINT` names another hub, `HF_TOKEN` opens what is not open to all. */
export function hub({ environment }: Host): { hubUrl: string; accessToken?: string } {
  const hubUrl = (environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "")
  return { hubUrl, accessToken: environment.HF_TOKEN || undefined }
}

function hubSource(file: HubFile, host: Host): Source {
  const { kind = "dataset" } = file
  const { hubUrl, accessToken } = hub(host)
  const repo = { type: kind, name: file.repository } as const
  const location = { repo, path: file.path, revision: file.revision, hubUrl, accessToken }
  return {
    what: `${file.path} of ${file.repository} from ${hubUrl}`,
    place: join(`${kind}s`, file.repository.replace("/", "--"), file.revision, file.path),
    otherwise: kind === "model" ? "give a folder: local:<directory>" : giveTheFile,
    async open(signal) {
      const stoppable: typeof fetch = (input, init) => fetch(input, { ...init, signal })
      const { downloadFile, fileDownloadInfo } = await import("@huggingface/hub")
      const info = await fileDownloadInfo({ ...location, fetch: stoppable })
      if (!info) throw new Error("the hub has no such file")
      const told = /^"?([0-9a-f]{64})"?$/.exec(info.etag)?.[1]
      const sha256 = file.sha256 ?? told
      return {
        size: info.size,
        sha256,
        version: info.etag,
        rest: async (from) => {
          const blob = await downloadFile({ ...location, downloadInfo: info, xet: false, fetch: stoppable })
          if (!blob) throw new Error("the hub has no such file")
          const bytes = (from ? blob.slice(from) : blob).stream() as ReadableStream<Uint8Array>
          return { from, body: Readable.fromWeb(bytes), version: info.etag }
        },
      }
    },
  }
}

function hostSource(file: HostFile): Source {
  const { host, pathname } = new URL(file.url)
  return {
    what: file.url,
    otherwise: giveTheFile,
    place: join("datasets", host.replace(":", "-"), ...pathname.split("/").filter(Boolean).map(decodeURIComponent)),
    open: async (signal) => ({
      size: file.size,
      sha256: file.sha256,
      rest: (from, version) => restOf(file.url, from, signal, version),
    }),
  }
}

/** A range counts bytes of the plain file: no compression on the way. A host that knows no ranges sends the whole file. */
async function restOf(url: string, from: number, signal: AbortSignal, version?: string): Promise<Rest> {
  const range: Record<string, string> = from
    ? { range: `bytes=${from}-`, ...(version === undefined ? {} : { "if-range": version }) }
    : {}
  const response = await fetch(url, { headers: { "accept-encoding": "identity", ...range }, signal })
  const [, start, total] = /bytes (?:(\d+)-\d+|\*)\/(\d+)/.exec(response.headers.get("content-range") ?? "") ?? []
  if (response.status === 416) {
    // Past the end: the part is whole, or belongs to another file.
    await response.body?.cancel()
    return Number(total) === from ? { from, size: from } : restOf(url, 0, signal)
  }
  if (!response.ok || !response.body) throw new Error(`the host answered ${response.status} ${response.statusText}`)
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
  const told = versionIn(response.headers)
  if (response.status === 206) {
    if (start !== undefined && Number(start) !== from) throw new Error(`the host sent another range than asked for`)
    if (version !== undefined && told !== undefined && told !== version) {
      // A host that does not know If-Range.
      body.destroy()
      return restOf(url, 0, signal)
    }
    return { from, body, ...(total ? { size: Number(total) } : {}) }
  }
  const length = response.headers.get("content-length")
  return {
    from: 0,
    body,
    version: told,
    ...(length && !response.headers.get("content-encoding") ? { size: Number(length) } : {}),
  }
}

/** What If-Range may be given: an ETag that is not weak, else the date of the last change. */
function versionIn(headers: Headers): string | undefined {
  const etag = headers.get("etag")
  return (etag && !etag.startsWith("W/") ? etag : headers.get("last-modified")) ?? undefined
}
