/** The judges as a plugin. */
import { definePlugin, type JudgeFactory, type OutcomeJudgeFactory } from "@swirl-ts/core"
import { type NoOptions, noOptions, readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { consensus } from "./consensus/consensus.ts"
import { form } from "./grounded/form.ts"
import { grounded } from "./grounded/grounded.ts"
import { llm, llmOutcome } from "./llm/llm.ts"

const groundedFactory: JudgeFactory = {
  description:
    "Rules without a reference answer: calls are new and use known numbers or names; answers are the last result",
  create: (options, context) => grounded(options, context?.tools),
}

const formFactory: JudgeFactory = {
  description: "Control: rewards form alone, any readable call that is new and any answer",
  create: (options) => form(options),
}

const consensusFactory: JudgeFactory = {
  description: "What the question's own trajectories agree on, without a reference answer; unscored where they do not",
  needs: ["siblings"],
  compared: [{ agree: 2 }, { agree: 3 }, { agree: 4 }],
  create: consensus,
}

const llmFactory: JudgeFactory = {
  description: "A language model judges each step without a reference answer: --judge-model <model>",
  asksModel: true,
  create: llm,
}

const llmOutcomeFactory: OutcomeJudgeFactory = {
  description: "A language model says whether a final answer means the same as the reference: --judge-model <model>",
  asksModel: true,
  create: llmOutcome,
}

export function judges(options: NoOptions = {}) {
  readOptions("plugin judges", noOptions, options)
  return definePlugin({
    meta: { name: "judges", version: manifest.version, apiVersion: 1 },
    judges: { grounded: groundedFactory, form: formFactory, consensus: consensusFactory, llm: llmFactory },
    outcomeJudges: { llm: llmOutcomeFactory },
  })
}
