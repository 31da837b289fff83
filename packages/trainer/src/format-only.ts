/**
 * Control of the form: `swirl` with a judge that calls good whatever can be read. What it gains, a process reward has not
 * earned. Recorded states x form against the other actions of the state. It asks no judge.
 */
import type { TrainingContext } from "@swirl-ts/core"
import { judgedStates } from "./credit/judged-states.ts"
import { SwirlOptionsSchema, type SwirlSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { recordedStates } from "./samplers/recorded-states.ts"
import { roundSpec } from "./samplers/rounds.ts"

/** Actions that cannot be read, and those that were cut off, are bad before anybody is asked. */
const readableIsGood: TrainingContext["judge"] = async (requests) =>
  requests.map(() => ({ verdict: "good", reason: "it can be read" }))

export const formatOnly = policyGradient<SwirlSettings>({
  name: "format-only",
  description:
    "the control of the form: fresh actions at recorded states, rewarded for being readable and for nothing else",
  schema: SwirlOptionsSchema,
  sampler: (context, options) => recordedStates({ ...context, judge: readableIsGood }, options),
  credit: ({ normalise }) => judgedStates(normalise),
  loss: ({ beta, kl, ratioClip }) => ({ beta, kl, ratioClip }),
  derived: roundSpec,
})
