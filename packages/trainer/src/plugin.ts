/** The trainer as a plugin: filters and the algorithms `swirl` and `sft`. */
import { definePlugin } from "@swirl-ts/core"
import { type NoOptions, noOptions, readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { filters } from "./filters.ts"
import { sft } from "./sft.ts"
import { swirl } from "./swirl.ts"

export function trainer(options: NoOptions = {}) {
  readOptions("plugin trainer", noOptions, options)
  return definePlugin({
    meta: { name: "trainer", version: manifest.version, apiVersion: 1 },
    filters,
    algorithms: { swirl, sft },
  })
}
