/**
 * Where the questions are: split `fixture` comes with this package, made for it and made up; split `test` is the user's
 * own copy of CofCA, one file or a folder with a file a hop count. There is no public copy to download.
 */
import { readdir, stat } from "node:fs/promises"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { type Host, SwirlError } from "@swirl-ts/core"
import { locate } from "@swirl-ts/datasets"

export const splits = ["fixture", "test"] as const
export type Split = (typeof splits)[number]

/** Made-up questions in CofCA's schema, by hop count. */
export const fixtureFiles: readonly string[] = [2, 3, 4].map((hops) =>
  fileURLToPath(new URL(`../data/fixture_${hops}hop.json`, import.meta.url)),
)

const ownNames = [/hop.*\.jsonl?$/i, /^(cofca|minidev).*\.jsonl?$/i]
const source =
  "CofCA's authors published it at https://anonymous.4open.science/r/LLM_inherent_multi_step_eval-3818/; kilian-group/phantom-reasoning on the Hugging Face hub has 500 of its questions (cofca500.zip)"

export async function splitFiles(
  split: Split,
  { host, dataPath }: { host: Host; dataPath?: string | undefined },
): Promise<readonly string[]> {
  if (split === "fixture") {
    if (dataPath !== undefined && (await holdsQuestions(resolve(host.workingDirectory, dataPath)))) {
      throw new SwirlError(
        `${dataPath} is CofCA's split test, not the fixture. Add --split test, or leave --data out.`,
        {
          kind: "usage",
        },
      )
    }
    return fixtureFiles
  }
  if (dataPath === undefined) {
    throw new SwirlError(`CofCA's split test cannot be downloaded. ${source}. Name your copy with --data PATH.`)
  }
  const names = [...ownNames, /\.jsonl?$/i]
  const { files } = await locate({ benchmark: "CofCA", split, host, dataPath, names, folders: ["data", "cofca"] })
  return files
}

/** A path may be meant for several benchmarks; then there may be nothing of CofCA in it. */
async function holdsQuestions(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return true
  return (await readdir(path)).some((name) => ownNames.some((pattern) => pattern.test(name)))
}
