/** Scores of a run folder by the trajectory that they were given for, each taken once. */
import { join } from "node:path"
import { evaluatedPolicies, readSamples, sampleFiles, type TemperedSample } from "@swirl-ts/store"

export interface EvaluatedSamples {
  /** The score of a trajectory: in its own file of samples where one is given, else in any of the run folder. */
  take(trajectoryId: string, file?: string): TemperedSample | undefined
  /** A sample's temperature, where nobody has a score of the file yet: that of any other in it. */
  temperatureOf(file: string): TemperedSample["temperature"] | undefined
  /** Those whose trajectory was not there. */
  left(): TemperedSample[]
}

export async function readEvaluatedSamples(
  run: string,
  onSample: (sample: TemperedSample) => void,
): Promise<EvaluatedSamples> {
  const files = new Map<string, Map<string, TemperedSample>>()
  const temperatures = new Map<string, TemperedSample["temperature"]>()
  for (const policy of await evaluatedPolicies(run)) {
    for (const file of await sampleFiles(join(run, "eval", policy))) {
      const samples = new Map<string, TemperedSample>()
      files.set(file, samples)
      for await (const sample of readSamples([file])) {
        onSample(sample)
        temperatures.set(file, sample.temperature)
        samples.set(sample.trajectoryId, sample)
      }
    }
  }
  const takeFrom = (samples: Map<string, TemperedSample> | undefined, id: string): TemperedSample | undefined => {
    const sample = samples?.get(id)
    samples?.delete(id)
    return sample
  }
  return {
    take(id, file) {
      if (file !== undefined) return takeFrom(files.get(file), id)
      for (const samples of files.values()) {
        const sample = takeFrom(samples, id)
        if (sample) return sample
      }
      return undefined
    },
    temperatureOf: (file) => temperatures.get(file),
    left: () => [...files.values()].flatMap((samples) => [...samples.values()]),
  }
}
