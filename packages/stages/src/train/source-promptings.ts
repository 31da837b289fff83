/** How the trajectories of a training were asked, so that its fresh roll-outs and episodes are asked in the same way. */
import { type Prompting, promptingDifferences, SwirlError } from "@swirl-ts/core"
import { generatedPrompting } from "../prompting.ts"
import type { SourceFolder } from "./followed-selection.ts"

/** Undefined: in the benchmark's own way. `benchmark` in full. */
export type PromptingOf = (benchmark: string, split: string) => Prompting | undefined

/** Throws where folders of one training were asked the same benchmark in several ways. */
export async function sourcePromptings(sources: readonly SourceFolder[]): Promise<PromptingOf> {
  const found = new Map<string, { prompting: Prompting | undefined; directory: string }>()
  for (const { directory, trajectories } of sources) {
    const asked = new Map(trajectories.map(({ benchmark, split }) => [`${benchmark} ${split}`, { benchmark, split }]))
    for (const [key, { benchmark, split }] of asked) {
      const prompting = await generatedPrompting(directory, benchmark, split)
      const before = found.get(key)
      if (before && promptingDifferences(before.prompting, prompting).length > 0)
        throw new SwirlError(
          `The trajectories of ${benchmark}/${split} in ${before.directory} and ${directory} were asked by different prompts. Train on one.`,
          { kind: "usage" },
        )
      found.set(key, { prompting, directory })
    }
  }
  return (benchmark, split) => found.get(`${benchmark} ${split}`)?.prompting
}
