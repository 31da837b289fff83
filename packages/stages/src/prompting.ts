/** How a command asks its questions, from what was given; and how a run folder's trajectories were asked. */
import { type Host, type Prompting, parsePromptTemplate, recordedPrompting } from "@swirl-ts/core"
import { utf8Text } from "@swirl-ts/kit"
import { resolve } from "@swirl-ts/platform"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { generateStage } from "./tasks.ts"

/** `prompt`: a template's file. Undefined where the benchmark's own way was asked for. */
export function readPrompting(
  { prompt, shots }: { prompt?: string; shots?: number },
  { workingDirectory }: Pick<Host, "workingDirectory">,
): Prompting | undefined {
  if (prompt === undefined && shots === undefined) return undefined
  const text = prompt === undefined ? undefined : utf8Text(resolve(workingDirectory, prompt), "The prompt template")
  return { template: text === undefined ? undefined : parsePromptTemplate(text, prompt!), shots }
}

/** Of the trajectories that were generated there. `benchmark` in full. */
export const generatedPrompting = async (
  directory: string,
  benchmark: string,
  split: string,
): Promise<Prompting | undefined> =>
  recordedPrompting(((await readRun(directory))?.spec as RunSpec | undefined)?.[generateStage(benchmark, split)])
