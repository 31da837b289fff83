/** Where MuSiQue's splits are: below `--data`, or on the Hugging Face hub (Answerable alone). */
import type { DataSet, RemoteFile } from "@swirl-ts/bench-kit"

export type Split = "train" | "dev" | "test"
export type Variant = "ans" | "full"

/**
 * The hub's copy of the Answerable files. No commit and no checksum of it is known to us, so none is pinned: what the
 * hub says its file hashes to is what is checked.
 */
const hub = (path: string): RemoteFile => ({ repository: "dgslibisey/MuSiQue", revision: "main", path })

export const dataSet = (variant: Variant): DataSet<Split> => ({
  name: variant === "ans" ? "MuSiQue-Ans" : "MuSiQue-Full",
  splits: ["train", "dev", "test"],
  remote:
    variant === "ans" ? { train: hub("musique_ans_v1.0_train.jsonl"), dev: hub("musique_ans_v1.0_dev.jsonl") } : {},
  source:
    "It is only in the authors' archive musique_v1.0.zip on Google Drive (id 1tGdADlNjWFaHLeZZGShh2IRcpO6Lv24h), which no program can fetch unattended. Run download_data.sh of github.com/StonyBrookNLP/musique and unpack it.",
  form: "MuSiQue's JSON Lines file",
  home: "musique",
  // The official name (a part of a file may add to it), then the hub's, then a sample's, such as `some_ans_dev_200.json`.
  namesOf(split) {
    const plain = split === "dev" ? "(dev|validation)" : split
    return [
      new RegExp(`^musique_${variant}_v1\\.0_${split}\\.jsonl$`),
      new RegExp(`^musique_${variant}_v1\\.0_${split}.*\\.jsonl?$`),
      new RegExp(`^${plain}(-\\d+-of-\\d+)?\\.(jsonl?|parquet)$`),
      new RegExp(`_${variant}_${split}_\\d+\\.jsonl?$`),
    ]
  },
  foldersOf: () => ["default"],
})
