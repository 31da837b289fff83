/** Where MuSiQue's splits are: below `--data`, or on the Hugging Face hub (Answerable alone). */
import { download, locate, type RemoteFile, type SplitFiles } from "@swirl-ts/bench-kit"
import { type Host, SwirlError } from "@swirl-ts/core"

export const splits = ["train", "dev", "test"] as const
export type Split = (typeof splits)[number]
export type Variant = "ans" | "full"

/** The official name (a part of a file may add to it), then the hub's, then a sample's, such as `some_ans_dev_200.json`. */
const namesOf = (variant: Variant, split: Split): RegExp[] => {
  const hubSplit = split === "dev" ? "(dev|validation)" : split
  return [
    new RegExp(`^musique_${variant}_v1\\.0_${split}\\.jsonl$`),
    new RegExp(`^musique_${variant}_v1\\.0_${split}.*\\.jsonl?$`),
    new RegExp(`^${hubSplit}(-\\d+-of-\\d+)?\\.(jsonl?|parquet)$`),
    new RegExp(`_${variant}_${split}_\\d+\\.jsonl?$`),
  ]
}

/**
 * The hub's copy of the Answerable files. No commit and no checksum of it is known to us, so none is pinned: what the
 * hub says its file hashes to is what is checked.
 */
function hubFile(split: "train" | "dev"): RemoteFile {
  return { repository: "dgslibisey/MuSiQue", revision: "main", path: `musique_ans_v1.0_${split}.jsonl` }
}

export async function splitFiles(
  variant: Variant,
  split: Split,
  { host, dataPath }: { host: Host; dataPath?: string | undefined },
): Promise<SplitFiles> {
  const remote = variant === "ans" && split !== "test" ? hubFile(split) : undefined
  if (dataPath === undefined && !remote) throw notFetchable(variant, split)
  return locate({
    benchmark: variant === "ans" ? "MuSiQue-Ans" : "MuSiQue-Full",
    split,
    host,
    splits,
    namesOf: (each) => namesOf(variant, each),
    folders: ["default"],
    home: "musique",
    dataPath,
    ...(remote ? { remote: [remote] } : {}),
  })
}

export async function fetchFiles(variant: Variant, host: Host): Promise<{ files: string[] }> {
  if (variant === "full") throw notFetchable(variant)
  const files: string[] = []
  for (const split of ["train", "dev"] as const) files.push(await download(hubFile(split), host))
  return { files }
}

function notFetchable(variant: Variant, split?: Split): SwirlError {
  const what = `MuSiQue-${variant === "ans" ? "Ans" : "Full"}${split ? `, split ${split},` : ""}`
  return new SwirlError(
    `${what} is only in the authors' archive musique_v1.0.zip on Google Drive (id 1tGdADlNjWFaHLeZZGShh2IRcpO6Lv24h), which no program can fetch unattended. Run download_data.sh of github.com/StonyBrookNLP/musique, unpack it, and name its folder with --data PATH.`,
    { kind: "usage" },
  )
}
