/** Gold steps of one metric: texts, each seen where an observation that is no error shows it. */
import type { GoldStep } from "@swirl-ts/core"

/** `shows(observation, text)`; a text that stands twice is two steps. */
export const goldSteps = (
  metric: string,
  texts: Iterable<string>,
  shows: (observation: string, text: string) => boolean,
): GoldStep[] =>
  Array.from(texts, (text) => ({
    metric,
    text,
    seenIn: (observation) => !observation.isError && shows(observation.text, text),
  }))
