/**
 * Evaluations read back as cells. What a cell is stands in its samples; of samples from before they said it, `run.json`
 * is asked for the temperature and the registry for the metric.
 */
import { type Cell, cellName, type EvalSample, type Registry } from "@swirl-ts/core"
import { dirname, stat } from "@swirl-ts/platform"
import { readSamples, sampleFiles } from "@swirl-ts/store"
import type { MeasuredCell } from "./cell-result.ts"
import { factsBeside } from "./evaluation-facts.ts"

export interface EvaluatedCell extends Cell, MeasuredCell {
  samples: EvalSample[]
}

/** Cells under a folder `eval/<policy>`, or of one file, by name (`<benchmark>/<split>[@<temperature>]`, benchmarks in full). */
export async function readEvaluation(registry: Registry, path: string): Promise<Map<string, EvaluatedCell>> {
  const isFolder = (await stat(path)).isDirectory()
  const factsOf = await factsBeside(isFolder ? path : dirname(path))
  const cells = new Map<string, EvaluatedCell>()
  for await (const sample of readSamples(isFolder ? await sampleFiles(path) : [path])) {
    const { benchmark, split, temperature } = sample
    const name = cellName(sample)
    const metric = (): string => sample.primaryMetric ?? registry.resolve("benchmarks", benchmark).value.primaryMetric
    const facts = () => factsOf(sample.policy, sample)
    const cell = cells.get(name) ?? { benchmark, split, temperature, metric: metric(), samples: [], facts: facts() }
    cell.samples.push(sample)
    cells.set(name, cell)
  }
  return cells
}
