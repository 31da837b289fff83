/**
 * Where the questions are: split `fixture` comes with this package, made for it and made up; split `test` is the user's
 * own copy of CofCA, one file or a folder with a file a hop count. There is no public copy to download. As everywhere,
 * a file that `--data` names is whatever split is asked for.
 */
import { readdir, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { locate } from "@swirl-ts/bench-kit"
import { type Host, SwirlError } from "@swirl-ts/core"

export const splits = ["fixture", "test"] as const
export type Split = (typeof splits)[number]

/** Made-up questions in CofCA's schema, by hop count. */
export const fixtureFiles: readonly string[] = [2, 3, 4].map((hops) =>
  fileURLToPath(new URL(`../data/fixture_${hops}hop.json`, import.meta.url)),
)

const ownNames = [/hop.*\.jsonl?$/i, /^(cofca|minidev).*\.jsonl?$/i]
const folders = ["data", "cofca"]
const source =
  "CofCA's authors published it at https://anonymous.4open.science/r/LLM_inherent_multi_step_eval-3818/; kilian-group/phantom-reasoning on the Hugging Face hub has 500 of its questions (cofca500.zip)"

export async function splitFiles(
  split: Split,
  { host, dataPath }: { host: Host; dataPath?: string | undefined },
): Promise<readonly string[]> {
  const own = split === "fixture"
  if (own && (dataPath === undefined || !(await holdsQuestions(resolve(host.workingDirectory, dataPath))))) {
    return fixtureFiles
  }
  if (dataPath === undefined) {
    throw new SwirlError(`CofCA's split test cannot be downloaded. ${source}. Name your copy with --data PATH.`)
  }
  const names = own ? ownNames : [...ownNames, /\.jsonl?$/i]
  const { files } = await locate({
    benchmark: "CofCA",
    split,
    host,
    dataPath,
    splits: [split],
    namesOf: () => names,
    folders,
  })
  if (own) host.log("CofCA: --data is read in place of the fixture. Say --split test, so that results are named so.")
  return files
}

/** A folder may be meant for several benchmarks; then there may be nothing of CofCA in it. */
async function holdsQuestions(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return true
  const present = await Promise.all(["", ...folders].map((folder) => readdir(join(path, folder)).catch(() => [])))
  return present.flat().some((name) => ownNames.some((pattern) => pattern.test(name)))
}
