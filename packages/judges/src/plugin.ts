/** The judges as a plugin. */
import { definePlugin, type JudgeFactory } from "@swirl-ts/core"
import { grounded } from "./grounded.ts"

const groundedFactory: JudgeFactory = {
  description:
    "Rules without a reference answer: calls are new and use known numbers or names; answers are the last result",
  create: (options) => grounded(options),
}

export function judges() {
  return definePlugin({
    meta: { name: "judges", version: "0.1.0", apiVersion: 1 },
    judges: { grounded: groundedFactory },
  })
}
