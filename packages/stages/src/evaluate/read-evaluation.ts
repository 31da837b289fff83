/**
 * Evaluations read back as cells. What a cell is stands in its samples; of samples from before they said it, `run.json`
 * is asked for the temperature and the registry for the metric.
 */
import { stat } from "node:fs/promises"
import { type Cell, cellName, type EvalSample, type Registry, SwirlError } from "@swirl-ts/core"
import { readSamples, sampleFiles } from "@swirl-ts/store"
import type { MeasuredCell } from "./cell-result.ts"

export interface EvaluatedCell extends Cell, MeasuredCell {
  samples: EvalSample[]
}

/** Cells under a folder `eval/<policy>`, or of one file, by name (`<benchmark>/<split>[@<temperature>]`, benchmarks in full). */
export async function readEvaluation(registry: Registry, path: string): Promise<Map<string, EvaluatedCell>> {
  const info = await stat(path).catch(() => undefined)
  if (!info)
    throw new SwirlError(`There is no evaluation at ${path}. Make one: swirl eval <benchmark> --run <folder>`, {
      kind: "usage",
    })
  const cells = new Map<string, EvaluatedCell>()
  /** Files of cells whose temperature is recorded nowhere, and is taken for greedy. */
  const unsure = new Map<string, string>()
  for (const file of info.isDirectory() ? await sampleFiles(path) : [path]) {
    for await (const sample of readSamples(file)) {
      const { benchmark, split, temperature = 0 } = sample
      const name = cellName({ benchmark, split, temperature })
      if (sample.temperature === undefined) {
        const other = unsure.get(name) ?? file
        if (other !== file) throw unknownTemperature(name, other, file)
        unsure.set(name, file)
      }
      const metric = (): string => sample.primaryMetric ?? registry.resolve("benchmarks", benchmark).value.primaryMetric
      const cell = cells.get(name) ?? { benchmark, split, temperature, metric: metric(), samples: [] }
      cell.samples.push(sample)
      cells.set(name, cell)
    }
  }
  return cells
}

const unknownTemperature = (cell: string, a: string, b: string): SwirlError =>
  new SwirlError(
    `${a} and ${b} both hold samples of ${cell} that say no temperature, and no run.json says it of them. Give the folder where they were made, or one of the files.`,
    { kind: "usage" },
  )
