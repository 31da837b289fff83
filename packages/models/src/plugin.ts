/** Language models by prefix: `openai:<model>`, `script:<file>` and `replay:<run folder>`. */
import { definePlugin } from "@swirl-ts/core"
import { type NoOptions, noOptions, readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { openaiProvider } from "./openai.ts"
import { replayProvider } from "./replay.ts"
import { scriptProvider } from "./script.ts"

export function models(options: NoOptions = {}) {
  readOptions("plugin models", noOptions, options)
  return definePlugin({
    meta: { name: "models", version: manifest.version, apiVersion: 1 },
    models: { openai: openaiProvider, replay: replayProvider, script: scriptProvider },
  })
}
