/**
 * Evaluations of a run folder: the stage that `run.json` has for a cell, and its samples read back. A sample of before it
 * said its temperature takes that of the stage whose records go into its file; no fact is read out of a file's name.
 */
import {
  type Cell,
  type EvalSample,
  EvalSampleSchema,
  SwirlError,
  type Temperature,
  temperatureSuffix,
} from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import { basename, join, readdir, resolve } from "@swirl-ts/platform"
import { evaluatedVerdicts, runPaths } from "./paths.ts"
import { readRecords } from "./read-records.ts"
import { type RunSpec, readRun } from "./run.ts"

/** `policy` is a policySlug, `cell.benchmark` a full name. */
export const evaluationStage = (policy: string, { benchmark, split, temperature }: Cell): string =>
  `eval/${policy}/${benchmark}${temperatureSuffix(temperature)}/${split}`

/** Names of the folders `eval/<policy>` of a run folder, sorted; what else lies there is no policy. */
export async function evaluatedPolicies(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(join(directory, "eval"), { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
  } catch (error) {
    if (errorCode(error) === "ENOENT") return []
    throw error
  }
}

/** The files of eval samples in a folder `eval/<policy>`, sorted; a compressed one under the name that it is read by. */
export async function sampleFiles(directory: string): Promise<string[]> {
  const entries = (await readdir(directory)).map((name) => name.replace(/\.jsonl\.gz$/, ".jsonl"))
  const names = [...new Set(entries)].filter((name) => name.endsWith(".jsonl") && !name.endsWith(".trajectories.jsonl"))
  const verdicts = evaluatedVerdicts(directory)
  return names
    .sort()
    .map((name) => join(directory, name))
    .filter((path) => path !== verdicts)
}

export type TemperedSample = EvalSample & { temperature: Temperature }

/**
 * Streams the samples of one policy's files. Where nobody recorded the temperature it counts as greedy; two such files of
 * one cell cannot both be, and are refused.
 */
export async function* readSamples(files: readonly string[]): AsyncGenerator<TemperedSample> {
  const assumed = new Map<string, string>()
  for (const file of files) {
    let spec: RunSpec | undefined
    for await (const sample of readRecords(file, EvalSampleSchema)) {
      if (sample.temperature === undefined) spec ??= ((await readRun(resolve(file, "../../..")))?.spec ?? {}) as RunSpec
      const temperature = sample.temperature ?? recordedTemperature(spec!, sample, basename(file))
      if (temperature === undefined) {
        const cell = `${sample.benchmark}/${sample.split}`
        const other = assumed.get(cell) ?? file
        if (other !== file) throw unknownTemperature(cell, other, file)
        assumed.set(cell, file)
      }
      yield { ...sample, temperature: temperature ?? 0 }
    }
  }
}

function recordedTemperature(spec: RunSpec, sample: EvalSample, file: string): Temperature | undefined {
  for (const [stage, { temperature }] of Object.entries(spec)) {
    if (typeof temperature !== "number" && temperature !== "none") continue
    if (evaluationStage(sample.policy, { ...sample, temperature }) !== stage) continue
    if (basename(runPaths("").evaluation(sample.policy, sample.benchmark, temperature).samples) === file)
      return temperature
  }
  return undefined
}

const unknownTemperature = (cell: string, a: string, b: string): SwirlError =>
  new SwirlError(
    `${a} and ${b} both hold samples of ${cell} that say no temperature, and no run.json says it of them. Give the folder that they were made in, or one of the files.`,
    { kind: "usage" },
  )
