import type { Engine } from "@swirl-ts/core"

const verbs = [
  "sample",
  "forwardBackward",
  "optimStep",
  "logProbabilities",
  "saveState",
  "loadState",
  "languageModel",
  "dispose",
] as const satisfies readonly (keyof Engine)[]

/** An engine for algorithms that train nothing. */
export const idleEngine = (): Engine =>
  Object.fromEntries(verbs.map((verb) => [verb, async () => undefined])) as unknown as Engine
