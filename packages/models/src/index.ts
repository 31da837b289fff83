export { type OpenaiSettings, openaiModel } from "./openai.ts"
export { models, models as default } from "./plugin.ts"
export { type ScriptEntry, scriptModel } from "./script.ts"
