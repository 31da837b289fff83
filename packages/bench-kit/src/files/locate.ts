/** Where the files of a split are: what `--data` names (a file, or a folder of files), or the download. */
import { readdir, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type Host, SwirlError, suggestion } from "@swirl-ts/core"
import { download } from "../download/download.ts"
import type { RemoteFile } from "../download/remote-file.ts"

export interface SplitFiles {
  /** In reading order. */
  files: string[]
  /** `--data` named one file, which then is every split. */
  isFile: boolean
}

export interface LocateOptions<Split extends string> {
  /** As people call it, for messages. */
  benchmark: string
  split: Split
  /** All there are, to say which of them a folder holds in place of the one that was asked for. */
  splits: readonly Split[]
  host: Host
  dataPath?: string | undefined
  abortSignal?: AbortSignal | undefined
  /** Downloaded when no path is given; none: there is nothing to download. */
  remote?: readonly RemoteFile[] | undefined
  /**
   * Names of the files that hold a split, alone or as `folder/name`: the first pattern with a match wins, all its matches
   * in order of name.
   */
  namesOf(split: Split): readonly RegExp[]
  /** Sub-folders to look in after the folder itself, before those that every benchmark has. */
  folders?: readonly string[]
  /** Its folder in a folder of all benchmarks; in it are the same sub-folders. */
  home?: string
}

/** Folders in which people keep files of every benchmark. */
const commonFolders = ["data", "derived", "raw"]

export async function locate<Split extends string>(options: LocateOptions<Split>): Promise<SplitFiles> {
  const { benchmark, split, splits, host, dataPath, remote = [], namesOf, home, abortSignal } = options
  if (dataPath === undefined) {
    if (remote.length === 0) {
      throw new SwirlError(
        `There is no public download of ${benchmark}'s ${split} split. Give its file with --data PATH.`,
        { kind: "usage" },
      )
    }
    const files: string[] = []
    for (const file of remote) files.push(await download(file, host, { abortSignal }))
    return { files, isFile: false }
  }
  const path = resolve(host.workingDirectory, dataPath)
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new SwirlError(`There is no file or folder ${path}, which --data names.`, { kind: "usage" })
  if (found.isFile()) return { files: [path], isFile: true }
  const folders = [...new Set([...(options.folders ?? []), ...commonFolders])]
  const below = home === undefined ? [] : [home, ...folders.map((folder) => `${home}/${folder}`)]
  const places = ["", ...folders, ...below]
  const files = await filesIn(path, places, namesOf(split))
  if (files.length > 0) return { files, isFile: false }
  const held: string[] = []
  for (const other of splits)
    if (other !== split && (await filesIn(path, places, namesOf(other))).length > 0) held.push(other)
  const searched = `in it or in ${[...folders, ...(home === undefined ? [] : [home])].join(", ")}`
  throw new SwirlError(
    `The folder ${path} holds no ${split} split of ${benchmark}: no file is named like ${namesOf(split).map(nameLike).join(" or ")}, ${searched}. ${
      held.length > 0 ? `It holds ${held.join(", ")}: ask for that with --split ${held[0]}` : "Take another split"
    }, or name the file itself with --data.`,
    { kind: "usage" },
  )
}

async function filesIn(path: string, places: readonly string[], names: readonly RegExp[]): Promise<string[]> {
  for (const folder of places) {
    const present = (await readdir(join(path, folder)).catch(() => [])).sort()
    for (const pattern of names) {
      const matching = present.filter((name) => pattern.test(name) || pattern.test(`${folder}/${name}`))
      if (matching.length > 0) return matching.map((name) => join(path, folder, name))
    }
  }
  return []
}

/** A name that a pattern matches, for people: the first of what may stand there, `*` for any letters or digits. */
function nameLike({ source }: RegExp): string {
  const name = source
    .replace(/^\^|\$$/g, "")
    .replace(/\((?:\?:)?[^()]*\)\?/g, "")
    .replace(/\((?:\?:)?([^()|]*)[^()]*\)/g, "$1")
    .replace(/\w\?/g, "")
    .replace(/\\d\+?|\.\*/g, "*")
    .replace(/\\(.)/g, "$1")
  return `${source.startsWith("^") ? "" : "*"}${name}${source.endsWith("$") ? "" : "*"}`
}

/** The split of that name, or a usage error with the nearest one. */
export function splitNamed<T extends string>(name: string, splits: readonly T[], benchmark: string): T {
  const split = splits.find((known) => known === name)
  if (!split) throw new SwirlError(`${benchmark} has no split "${name}".${suggestion(name, splits)}`, { kind: "usage" })
  return split
}

/** The files that worked examples for a split come from; one file for everything holds none but for train itself. */
export function exampleFiles(train: SplitFiles, split: string): string[] {
  if (train.isFile && split !== "train") {
    throw new SwirlError(
      `Worked examples come from the train split, but --data names one file. Name a folder that holds ${split} and train, or set shots to 0.`,
      { kind: "usage" },
    )
  }
  return train.files
}
