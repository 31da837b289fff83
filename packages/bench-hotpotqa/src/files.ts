/** Where HotpotQA's files are: the official host, and the names they have in folders people have. */
import type { DataSet, HostFile } from "@swirl-ts/bench-kit"

export type Setting = "distractor" | "fullwiki"
export type Split = "train" | "dev" | "test"

const url = (name: string) => `http://curtis.ml.cmu.edu/datasets/hotpot/${name}`

/** Checksums of the first three are ParlAI's (`hotpotqa/build.py`); the test file's is not published. */
const train: HostFile = {
  url: url("hotpot_train_v1.1.json"),
  sha256: "26650cf50234ef5fb2e664ed70bbecdfd87815e6bffc257e068efea5cf7cd316",
  size: 566_426_227,
}

const remote: Record<Setting, DataSet<Split>["remote"]> = {
  distractor: {
    train,
    dev: {
      url: url("hotpot_dev_distractor_v1.json"),
      sha256: "4e9ecb5c8d3b719f624d66b60f8d56bf227f03914f5f0753d6fa1b359d7104ea",
      size: 46_320_117,
    },
  },
  fullwiki: {
    train,
    dev: {
      url: url("hotpot_dev_fullwiki_v1.json"),
      sha256: "2f1f3e594a3066a3084cc57950ca2713c24712adaad03af6ccce18d1846d5618",
    },
    test: { url: url("hotpot_test_fullwiki_v1.json") },
  },
}

/** The public splits of a setting; the distractor test set is hidden. */
const splits: Record<Setting, readonly Split[]> = { distractor: ["train", "dev"], fullwiki: ["train", "dev", "test"] }

export const dataSet = (setting: Setting): DataSet<Split> => ({
  name: "HotpotQA",
  splits: splits[setting],
  remote: remote[setting],
  form: "HotpotQA's JSON array, JSON lines or Parquet file",
  home: "hotpotqa",
  // Official names (a sample of a file may add to its name), then Hugging Face's, then the split's bare name.
  namesOf(split) {
    const official = split === "train" ? "hotpot_train" : `hotpot_${split}_${setting}`
    const [hub, plain] = split === "dev" ? ["validation", "(?:dev|validation)"] : [split, split]
    return [
      new RegExp(`^${official}.*\\.jsonl?$`),
      new RegExp(`^${hub}(?:-\\d+-of-\\d+)?\\.parquet$`),
      new RegExp(`^${plain}\\.jsonl?$`),
      ...(split === "train" ? [/_train_\d+\.jsonl?$/] : []),
    ]
  },
  foldersOf: () => [setting],
})
