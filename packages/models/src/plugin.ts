/** Language models by prefix: `openai:<model>` and `script:<file>`. */
import { definePlugin } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import { openaiProvider } from "./openai.ts"
import { scriptProvider } from "./script.ts"

export const models = () =>
  definePlugin({
    meta: { name: "models", version: manifest.version, apiVersion: 1 },
    models: { openai: openaiProvider, script: scriptProvider },
  })
