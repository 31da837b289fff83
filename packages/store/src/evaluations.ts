/**
 * Evaluations of a run folder: the stage that `run.json` has for a cell, and its samples read back. A sample of before it
 * said its temperature takes that of the stage whose records go into its file; no fact is read out of a file's name.
 */
import { readdir } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import { type Cell, type EvalSample, EvalSampleSchema, temperatureSuffix } from "@swirl-ts/core"
import { runPaths } from "./paths.ts"
import { readRecords } from "./read-records.ts"
import { type RunSpec, readRun } from "./run.ts"

/** `policy` is a policySlug, `cell.benchmark` a full name. */
export const evaluationStage = (policy: string, { benchmark, split, temperature }: Cell): string =>
  `eval/${policy}/${benchmark}${temperatureSuffix(temperature)}/${split}`

/** The files of eval samples in a folder `eval/<policy>`, sorted. */
export async function sampleFiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter(
    (name) => name.endsWith(".jsonl") && !name.endsWith(".trajectories.jsonl"),
  )
  return names.sort().map((name) => join(directory, name))
}

/** Streams the samples of a file; those whose temperature nobody recorded have none. */
export async function* readSamples(file: string): AsyncGenerator<EvalSample> {
  let spec: RunSpec | undefined
  for await (const sample of readRecords(file, EvalSampleSchema)) {
    if (sample.temperature === undefined)
      spec ??= ((await readRun(resolve(file, "../../.."))) ?? { spec: {} }).spec as RunSpec
    yield { ...sample, temperature: sample.temperature ?? recordedTemperature(spec!, sample, basename(file)) }
  }
}

function recordedTemperature(spec: RunSpec, sample: EvalSample, file: string): number | undefined {
  for (const [stage, { temperature }] of Object.entries(spec)) {
    if (typeof temperature !== "number" || evaluationStage(sample.policy, { ...sample, temperature }) !== stage)
      continue
    if (basename(runPaths("").evaluation(sample.policy, sample.benchmark, temperature).samples) === file)
      return temperature
  }
  return undefined
}
