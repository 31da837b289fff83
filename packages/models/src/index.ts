export { type OpenaiSettings, openaiModel, openaiProvider } from "./openai.ts"
export { models, models as default } from "./plugin.ts"
export { type ScriptEntry, scriptModel, scriptProvider } from "./script.ts"
