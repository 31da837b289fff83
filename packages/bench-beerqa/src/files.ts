/** The splits and where their files are: the names the authors' site gives them, pinned by the checksums of their LFS pointers. */
import type { DataSet, RemoteFile } from "@swirl-ts/bench-kit"

export type Split = "train" | "dev" | "test"

const official = (name: string, sha256: string, size: number): RemoteFile => ({
  url: `https://nlp.stanford.edu/projects/beerqa/${name}`,
  sha256,
  size,
})

export const dataSet: DataSet<Split> = {
  name: "BeerQA",
  splits: ["train", "dev", "test"],
  remote: {
    train: official(
      "beerqa_train_v1.0.json",
      "f4d8af9003465e42c0d8c3fbf8bfab3ba42e1a4a56223d62a3b9a1d15a09acd9",
      159_540_257,
    ),
    dev: official(
      "beerqa_dev_v1.0.json",
      "7d6de86d0c07c6a3ba0b22a4d760866facbcde6386c4c45807146e4921284ac1",
      16_273_342,
    ),
    test: official(
      "beerqa_test_questions_v1.0.json",
      "7273b68a768b56975e5981ab7216b2ef5fa149ce5b79a52fdfe574b2ce44af63",
      2_124_576,
    ),
  },
  form: 'BeerQA\'s JSON file, {"data": [...]}',
  home: "beerqa",
  // The official name, parts of it, anyone's.
  namesOf(split) {
    const stem = split === "test" ? "beerqa_test_questions" : `beerqa_${split}`
    const plain = split === "dev" ? "(?:dev|validation)" : split
    return [
      new RegExp(`^${stem}_v1\\.0\\.jsonl?$`),
      new RegExp(`^${stem}.*\\.(?:jsonl?|parquet)$`),
      new RegExp(`^${plain}(?:-\\d+-of-\\d+)?\\.(?:jsonl?|parquet)$`),
    ]
  },
}
