/** Where the files of a split are: what `--data` names (a file, or a folder of files), or the download. */
import { readdir, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type Host, SwirlError } from "@swirl-ts/core"
import { download, type RemoteFile } from "./download.ts"

export const splits = ["train", "test"] as const
export type Split = (typeof splits)[number]

/** The config `main` of the dataset on the Hugging Face hub, at one revision. */
const revision = "740312add88f781978c0658806c59bc2815b9866"
export const hubFiles: Record<Split, RemoteFile> = {
  train: {
    repository: "openai/gsm8k",
    revision,
    path: "main/train-00000-of-00001.parquet",
    sha256: "ea82612ea9582142387730c793eb67d3b12849002bc0b7fa6f8efafa7351419d",
  },
  test: {
    repository: "openai/gsm8k",
    revision,
    path: "main/test-00000-of-00001.parquet",
    sha256: "ee7b8da9e381df27b9e3f7758a159ab2bdaa4dbaa910546cbbc47e0cb44e4f59",
  },
}

/** Folders in which clones of the official repository and of the hub's dataset keep the files. */
const folders = ["", "main", "data", "grade_school_math/data"]

/** The files of a split, in reading order. `isFile`: the path named one file, which then is every split. */
export async function locate(
  split: Split,
  options: { host: Host; dataPath?: string | undefined; remote?: Record<Split, RemoteFile> },
): Promise<{ files: string[]; isFile: boolean }> {
  const { host, dataPath, remote = hubFiles } = options
  if (dataPath === undefined) return { files: [await download(remote[split], host)], isFile: false }
  const path = resolve(host.workingDirectory, dataPath)
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new SwirlError(`There is no file or folder ${path}, which --data names.`)
  if (found.isFile()) return { files: [path], isFile: true }
  for (const folder of folders) {
    const names = await readdir(join(path, folder)).catch(() => [])
    const whole = names.find((name) => name === `${split}.jsonl`) ?? names.find((name) => name === `${split}.parquet`)
    const parts = names.filter((name) => new RegExp(`^${split}-\\d+-of-\\d+\\.parquet$`).test(name)).sort()
    const chosen = whole ? [whole] : parts
    if (chosen.length > 0) return { files: chosen.map((name) => join(path, folder, name)), isFile: false }
  }
  throw new SwirlError(
    `The folder ${path} holds no ${split} split: neither ${split}.jsonl nor ${split}.parquet nor ${split}-00000-of-00001.parquet, in it or in ${folders.slice(1).join(", ")}. Name the file itself with --data.`,
  )
}
