import type { Filter, FilterInput } from "@swirl-ts/core"
import { sampleTrajectories, verdictOf } from "../../src/data/conversations.ts"
import { type FilterChecks, filterChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const sound: Filter = {
  description: "Keeps trajectories whose steps are all good.",
  needs: ["process"],
  keep: ({ trajectory, verdicts }) => trajectory.steps.every((_, step) => verdicts[step]?.verdict === "good"),
}
const [trajectory] = sampleTrajectories
const judged = (verdict: "good" | "bad"): FilterInput => ({
  trajectory: trajectory!,
  verdicts: trajectory!.steps.map((_, step) => verdictOf(trajectory!, step, verdict)),
})
const given: FilterChecks = { kept: [judged("good")], dropped: [judged("bad")] }

/** The trajectories that it has seen: the one that it is asked of, and the one before. */
let [last, before] = ["", ""]

export const filter = brokenExamples<Filter, FilterChecks>("filter", filterChecks, [sound, given], {
  "is a filter that can be loaded": [{ ...sound, description: "" }],
  "keeps what it should": [sound, { kept: [judged("bad")], dropped: [judged("bad")] }],
  "drops what it should": [sound, { kept: [judged("good")], dropped: [judged("good")] }],
  "says true or false of every trajectory": [
    { ...sound, keep: (input) => (input.trajectory.steps.length === 0 ? (undefined as never) : sound.keep(input)) },
  ],
  "says the same of the same trajectory": [
    {
      ...sound,
      keep: (input) => {
        const { id } = input.trajectory
        if (id !== last) [last, before] = [id, last]
        return id === "empty" ? before === "unanswered" : sound.keep(input)
      },
    },
  ],
  "leaves what it is given as it is": [
    {
      ...sound,
      keep: (input) => {
        input.trajectory.policy = "mine"
        return sound.keep(input)
      },
    },
  ],
  "keeps nothing that it needs a verdict or an outcome of, and has none": [
    {
      ...sound,
      keep: ({ trajectory: { steps }, verdicts }) => steps.every((_, step) => verdicts[step]?.verdict !== "bad"),
    },
  ],
  "looks at nothing that it does not ask for": [{ ...sound, needs: [] }],
})
