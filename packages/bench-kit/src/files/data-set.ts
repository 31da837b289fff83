/** What a benchmark says once of the files in which it is published, so that finding, fetching and reading them is one code. */
import { checkSplit, type Host, SwirlError } from "@swirl-ts/core"
import { download, type RemoteFile } from "@swirl-ts/kit/download"

export interface DataSet<Split extends string = string> {
  /** As people call it, for messages. */
  name: string
  splits: readonly Split[]
  /** What is downloaded where no path is given; a split without a file has to be brought along. */
  remote: Readonly<Partial<Record<Split, RemoteFile>>>
  /** How people come by what cannot be downloaded; a sentence. */
  source?: string
  /** What its files are, for those who gave another: `GSM8K's JSON lines or Parquet file`. */
  form: string
  /**
   * Names of the files that hold a split, alone or as `folder/name`: the first pattern with a match wins, all its matches
   * in order of name.
   */
  namesOf(split: Split): readonly RegExp[]
  /** Sub-folders to look in after the folder itself, before those that every data set has. */
  foldersOf?(split: Split): readonly string[]
  /** Its folder in a folder of all data sets; in it are the same sub-folders. */
  home: string
}

/** The split of that name, or a usage error with the nearest one. */
export function splitNamed<Split extends string>(name: string, { name: fullName, splits }: DataSet<Split>): Split {
  checkSplit({ fullName, value: { splits } }, name)
  return name as Split
}

/** Downloads every split that can be, and gives where the files are. */
export async function fetchFiles<Split extends string>(
  dataSet: DataSet<Split>,
  host: Host,
  options?: { abortSignal?: AbortSignal },
): Promise<{ files: string[] }> {
  const files: string[] = []
  for (const split of dataSet.splits) {
    const file = dataSet.remote[split]
    if (file) files.push(await download(file, host, options))
  }
  if (files.length === 0) throw noDownload(dataSet)
  return { files }
}

export function noDownload({ name, source }: Pick<DataSet, "name" | "source">, split?: string): SwirlError {
  const what = split === undefined ? name : `${name}'s ${split} split`
  return new SwirlError(
    `There is no public download of ${what}.${source ? ` ${source}` : ""} Give its file with --data PATH.`,
    { kind: "usage" },
  )
}
