/** The judges as a plugin. */
import { definePlugin, type JudgeFactory } from "@swirl-ts/core"
import { form } from "./form.ts"
import { grounded } from "./grounded.ts"

const groundedFactory: JudgeFactory = {
  description:
    "Rules without a reference answer: calls are new and use known numbers or names; answers are the last result",
  create: (options) => grounded(options),
}

const formFactory: JudgeFactory = {
  description: "Control: rewards form alone, any readable call that is new and any answer",
  create: (options) => form(options),
}

export function judges() {
  return definePlugin({
    meta: { name: "judges", version: "0.1.0", apiVersion: 1 },
    judges: { grounded: groundedFactory, form: formFactory },
  })
}
