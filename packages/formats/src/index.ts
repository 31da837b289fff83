export { type ChatMessage, type ChatToolCall, chatMessages } from "./exports/chat-messages.ts"
export { type ImportRequest, importFiles } from "./imports/import-files.ts"
export { type ImportResult, importInWords } from "./imports/import-result.ts"
export { importFormats } from "./imports/importers.ts"
