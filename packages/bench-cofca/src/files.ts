/**
 * Where the questions are: split `fixture` comes with this package, made for it and made up; split `test` is the user's
 * own copy of CofCA, one file or a folder with a file a hop count. There is no public copy to download. As everywhere,
 * a file that `--data` names is whatever split is asked for.
 */
import { fileURLToPath } from "node:url"
import { type DataSet, findFiles, locate } from "@swirl-ts/bench-kit"
import type { LoadOptions } from "@swirl-ts/core"

export type Split = "fixture" | "test"

/** Made-up questions in CofCA's schema, by hop count. */
export const fixtureFiles: readonly string[] = [2, 3, 4].map((hops) =>
  fileURLToPath(new URL(`../data/fixture_${hops}hop.json`, import.meta.url)),
)

const ownNames = [/hop.*\.jsonl?$/i, /^(cofca|minidev).*\.jsonl?$/i]

export const dataSet: DataSet<Split> = {
  name: "CofCA",
  splits: ["fixture", "test"],
  remote: {},
  source:
    "CofCA's authors published it at https://anonymous.4open.science/r/LLM_inherent_multi_step_eval-3818/; kilian-group/phantom-reasoning on the Hugging Face hub has 500 of its questions (cofca500.zip).",
  form: "one of CofCA's JSON lists",
  home: "cofca",
  namesOf: (split) => (split === "fixture" ? ownNames : [...ownNames, /\.jsonl?$/i]),
}

/** A folder may be meant for several benchmarks: where nothing of CofCA is in it, the fixture stays. */
export async function splitFiles(split: Split, options: LoadOptions): Promise<readonly string[]> {
  if (split === "test") return (await locate(dataSet, split, options)).files
  const found = options.dataPath === undefined ? undefined : await findFiles(dataSet, split, options)
  if (!found) return fixtureFiles
  options.host.log("CofCA: --data is read in place of the fixture. Say --split test, so that results are named so.")
  return found.files
}
