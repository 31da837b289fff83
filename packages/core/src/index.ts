export * from "./contracts/action.ts"
export * from "./contracts/algorithm.ts"
export * from "./contracts/benchmark.ts"
export * from "./contracts/corpus.ts"
export * from "./contracts/embedder.ts"
export * from "./contracts/engine.ts"
export * from "./contracts/filter.ts"
export * from "./contracts/gold-step.ts"
export * from "./contracts/judge.ts"
export * from "./contracts/langchain-tool.ts"
export * from "./contracts/metrics.ts"
export * from "./contracts/model.ts"
export * from "./contracts/retriever.ts"
export * from "./contracts/support.ts"
export * from "./contracts/tool.ts"
export * from "./contracts/tool-limits.ts"
export * from "./contracts/tool-output.ts"
export * from "./contracts/tool-schema.ts"
export * from "./errors.ts"
export * from "./hash.ts"
export * from "./prompts/instructions.ts"
export * from "./prompts/prompt.ts"
export * from "./prompts/worked-example.ts"
export * from "./random.ts"
export * from "./records/cell.ts"
export * from "./records/matrix.ts"
export * from "./records/reasons.ts"
export * from "./records/records.ts"
export * from "./records/tool-use.ts"
export * from "./registry/asked-tools.ts"
export * from "./registry/benchmark-calls.ts"
export * from "./registry/benchmark-tasks.ts"
export * from "./registry/config.ts"
export * from "./registry/contribution-schemas.ts"
export * from "./registry/create-registry.ts"
export * from "./registry/open-indexes.ts"
export * from "./registry/plugin.ts"
export * from "./registry/plugin-problems.ts"
export * from "./registry/read-config.ts"
export * from "./registry/registry.ts"
export * from "./registry/score-answer.ts"
export * from "./registry/tool-services.ts"
export * from "./schema-problem.ts"
export * from "./suggest.ts"
export * from "./tokens/conversation.ts"
export * from "./tokens/token-model.ts"
export {
  fieldText,
  type InputForm,
  type InputTool,
  inputForm,
  type ReadInput,
  readToolInput,
  sampleToolInput,
  sampleToolObject,
  textArgument,
  toolInputTexts,
} from "./tool-input/tool-input.ts"
export { typeText } from "./tool-input/type-text.ts"
