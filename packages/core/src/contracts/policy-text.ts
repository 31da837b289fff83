/** A policy without its weights: how its conversations become token ids, and what it is. Whoever computes elsewhere needs no more of it. */
import type { TextCodec } from "../tokens/text-codec.ts"
import type { ConversationTokens } from "./conversation-tokens.ts"

export interface PolicyText {
  codec: TextCodec
  conversation: ConversationTokens
  /** Ids of a text that stands alone, with what the tokenizer begins one with. */
  encodeWhole(text: string): number[]
  /** Text of one token, control tokens included. */
  tokenText(tokenId: number): string
  /** Where a turn ends besides the end-of-turn ids: nowhere, except for base models without a chat template. */
  stops: readonly (string | RegExp)[]
  /** Ids that end a turn. */
  endOfTurnTokenIds: readonly number[]
}

export interface UnloadedPolicy {
  text: PolicyText
  /** The model string that opens it from anywhere on this machine. */
  name: string
  /** Where its weights lie on this machine: a folder, or a file. Absent where they are nowhere here. */
  directory?: string
  /** Digest of everything that decides what it says. */
  identity: string
  /** Whether it is a base with adapters on top. */
  isAdapted: boolean
  /** Tokens a conversation may have, its next turn included. */
  contextSize: number
  /** Ids are below it. */
  vocabularySize: number
}
