/** Language models by prefix: `openai:<model>` and `script:<file>`. */
import { definePlugin } from "@swirl-ts/core"
import { openaiProvider } from "./openai.ts"
import { scriptProvider } from "./script.ts"

export const models = () =>
  definePlugin({
    meta: { name: "models", version: "0.1.0", apiVersion: 1 },
    models: { openai: openaiProvider, script: scriptProvider },
  })

export default models()
