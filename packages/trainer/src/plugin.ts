/** The trainer as a plugin: filters and the algorithms, each a sampler and a credit assigner. */
import { definePlugin } from "@swirl-ts/core"
import { type NoOptions, noOptions, readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { filters } from "./filters.ts"
import { formatOnly } from "./format-only.ts"
import { gigpo } from "./gigpo.ts"
import { igpo } from "./igpo.ts"
import { mtGrpo } from "./mt-grpo.ts"
import { outcomeGrpo } from "./outcome-grpo.ts"
import { rft } from "./rft.ts"
import { sft } from "./sft.ts"
import { slate } from "./slate.ts"
import { stepDpo } from "./step-dpo.ts"
import { swirl } from "./swirl.ts"

export function trainer(options: NoOptions = {}) {
  readOptions("plugin trainer", noOptions, options)
  return definePlugin({
    meta: { name: "trainer", version: manifest.version, apiVersion: 1 },
    filters,
    algorithms: {
      swirl,
      sft,
      rft,
      "outcome-grpo": outcomeGrpo,
      "format-only": formatOnly,
      "step-dpo": stepDpo,
      gigpo,
      "mt-grpo": mtGrpo,
      igpo,
      slate,
    },
  })
}
