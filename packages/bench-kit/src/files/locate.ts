/** Where the files of a split are: what `--data` names (a file, or a folder of files), or the download. */
import { readdir, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type LoadOptions, SwirlError } from "@swirl-ts/core"
import { download } from "@swirl-ts/kit/download"
import { type DataSet, noDownload } from "./data-set.ts"

export interface SplitFiles {
  /** In reading order. */
  files: string[]
  /** `--data` named one file, which then is every split. */
  isFile: boolean
}

/** Folders in which people keep files of every data set. */
const commonFolders = ["data", "derived", "raw"]

/** Where a split's files are. Throws a usage error that says what was looked for where nothing is found. */
export async function locate<Split extends string>(
  dataSet: DataSet<Split>,
  split: Split,
  options: LoadOptions,
): Promise<SplitFiles> {
  const { host, dataPath } = options
  const { name, splits, remote, namesOf, home } = dataSet
  if (dataPath === undefined) {
    const file = remote[split]
    if (!file) throw noDownload(dataSet, split)
    return { files: [await download(file, host, options)], isFile: false }
  }
  const found = await findFiles(dataSet, split, options)
  if (found) return found
  const held: string[] = []
  for (const other of splits) if (other !== split && (await findFiles(dataSet, other, options))) held.push(other)
  throw new SwirlError(
    `The folder ${resolve(host.workingDirectory, dataPath)} holds no ${split} split of ${name}: no file is named like ${namesOf(split).map(nameLike).join(" or ")}, in it or in ${[...foldersOf(dataSet, split), home].join(", ")}. ${
      held.length > 0 ? `It holds ${held.join(", ")}: ask for that with --split ${held[0]}` : "Take another split"
    }, or name the file itself with --data.`,
    { kind: "usage" },
  )
}

/** What is read of a data set: the split's files, and those of `train` where worked examples are shown. */
export async function filesRead<Split extends string>(
  dataSet: DataSet<Split>,
  split: Split,
  options: LoadOptions,
  shots: number,
): Promise<string[]> {
  const own = (await locate(dataSet, split, options)).files
  return shots === 0 ? own : [...own, ...(await locate(dataSet, "train" as Split, options)).files]
}

/** The files that `--data` names, or those of the split in the folder that it names; undefined where it holds none. */
export async function findFiles<Split extends string>(
  dataSet: DataSet<Split>,
  split: Split,
  { host, dataPath = "." }: LoadOptions,
): Promise<SplitFiles | undefined> {
  const path = resolve(host.workingDirectory, dataPath)
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new SwirlError(`There is no file or folder ${path}, which --data names.`, { kind: "usage" })
  if (found.isFile()) return { files: [path], isFile: true }
  const folders = foldersOf(dataSet, split)
  const { home } = dataSet
  const places = ["", ...folders, home, ...folders.map((folder) => `${home}/${folder}`)]
  const files = await filesIn(path, places, dataSet.namesOf(split))
  return files.length > 0 ? { files, isFile: false } : undefined
}

const foldersOf = <Split extends string>({ foldersOf }: DataSet<Split>, split: Split): string[] => [
  ...new Set([...(foldersOf?.(split) ?? []), ...commonFolders]),
]

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
