/** The splits of GSM8K and where their files are: the official repository's names, and the dataset on the hub at one revision. */
import type { DataSet, RemoteFile } from "@swirl-ts/bench-kit"

export type Split = "train" | "test" | "train-socratic" | "test-socratic"

const hub = (path: string, sha256?: string): RemoteFile => ({
  repository: "openai/gsm8k",
  revision: "740312add88f781978c0658806c59bc2815b9866",
  path: `${path}-00000-of-00001.parquet`,
  sha256,
})

export const dataSet: DataSet<Split> = {
  name: "GSM8K",
  splits: ["train", "test", "train-socratic", "test-socratic"],
  // The checksums of the socratic files are not pinned: the hub's own are taken.
  remote: {
    train: hub("main/train", "ea82612ea9582142387730c793eb67d3b12849002bc0b7fa6f8efafa7351419d"),
    test: hub("main/test", "ee7b8da9e381df27b9e3f7758a159ab2bdaa4dbaa910546cbbc47e0cb44e4f59"),
    "train-socratic": hub("socratic/train"),
    "test-socratic": hub("socratic/test"),
  },
  form: "GSM8K's JSON lines or Parquet file",
  home: "gsm8k",
  // As clones of the official repository and of the hub's dataset have them.
  namesOf(split) {
    const [part, socratic] = split.split("-")
    return socratic
      ? [new RegExp(`^${part}_socratic\\.(?:jsonl|parquet)$`), new RegExp(`^socratic/${part}-\\d+-of-\\d+\\.parquet$`)]
      : [
          new RegExp(`^${part}\\.jsonl$`),
          new RegExp(`^${part}\\.parquet$`),
          new RegExp(`^${part}-\\d+-of-\\d+\\.parquet$`),
        ]
  },
  foldersOf: (split) => [split.endsWith("-socratic") ? "socratic" : "main", "grade_school_math/data"],
}
