/** How long a conversation is, in tokens, before the next request is sent: what nobody has counted yet is estimated. */
import { type Generation, messageText, type Prompt } from "@swirl-ts/core"

/** Four characters a token: enough to end what would never end. */
const estimated = (messages: Prompt): number =>
  Math.ceil(messages.reduce((sum, message) => sum + messageText(message).length, 0) / 4)

/**
 * `messages`: the whole conversation, whose last turns, `added`, came after what the model said. A server's own count is of
 * the conversation up to them; a server that reports none counts for nothing.
 */
export function contextTokens({ usage }: Generation, messages: Prompt, added: Prompt): number {
  const counted = usage.inputTokens + usage.outputTokens
  return counted > 0 ? counted + estimated(added) : estimated(messages)
}
