export { type ChatMessage, type ChatToolCall, chatMessages } from "./exports/chat-messages.ts"
