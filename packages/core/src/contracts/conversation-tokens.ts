/**
 * Conversations as token ids, of models that keep them. Invariant: what was sampled goes into the next prompt as it was
 * sampled, and is read as text only beside it.
 */
import { SwirlError } from "../errors.ts"
import type { Message, Prompt } from "../prompts/prompt.ts"
import type { FunctionTool } from "./function-tool.ts"
import { separateThought } from "./thoughts.ts"

/** How a conversation becomes token ids, each text encoded once, when it enters. */
export interface ConversationTokens {
  /** Ids of a first prompt, the opening of the model's turn included unless `opensTurn` is false. */
  start(prompt: Prompt, options?: { opensTurn?: boolean }): number[]
  /**
   * Ids that follow the sampled ones: the end of the model's turn, unless `sampled`, the ids of that turn, ends in it (a
   * limit or a stop string can end a turn, too), the new turns, and the opening of the model's next turn.
   */
  continue(turns: Prompt, finishReason: "stop" | "length", sampled?: readonly number[]): number[]
  /**
   * Ids of a turn that somebody else took, as the model would have sampled it after this prompt, its end with it unless
   * `isCut`. Absent: such turns cannot be trained on.
   */
  taught?(prompt: Prompt, turn: Message, options?: { isCut?: boolean }): number[]
  /**
   * How the model's turn stands before these later ones, where that is not as it was sampled: chat templates take the thought
   * off earlier turns. Undefined where the sampled ids stay.
   */
  shown?(sampled: readonly number[], turns: Prompt): ShownTurn | undefined
  /** Text of sampled ids, special tokens left out. */
  decode(tokenIds: readonly number[]): string
  /** The same with special tokens by their names: a conversation as the model is shown it. */
  spell?(tokenIds: readonly number[]): string
  /**
   * The same model offered tools of its own: its prompts have them, and calls and results are written as it knows them. Throws a
   * usage error where it takes none. Absent: such a model has no tool calls of its own.
   */
  withTools?(tools: readonly FunctionTool[]): ConversationTokens
  /** What a sampled turn says and calls, where tools are offered. `text`: its text, where a stop string cut that short. */
  read?(sampled: readonly number[], text?: string): ReadTurn
}

/** A turn of a model that writes its calls as text. */
export interface ReadTurn {
  text: string
  toolCalls: { toolCallId: string; toolName: string; input: string }[]
  /** Why what begins like a call cannot be read as one; it then stands in the text. */
  callProblem?: string
}

/** The conversation in which these tools are offered. Throws a usage error where the model has no tool calls of its own. */
export function offeringTools(conversation: ConversationTokens, tools: readonly FunctionTool[]): ConversationTokens {
  if (tools.length === 0) return conversation
  if (conversation.withTools) return conversation.withTools(tools)
  throw new SwirlError(
    "The model has no chat template, so it has no tool calls of its own. Use the action format tags.",
    { kind: "usage" },
  )
}

/** A sampled turn as a format parses it: what was thought aside, its calls read. */
export function readTurn(conversation: ConversationTokens, sampled: readonly number[]): ReadTurn {
  const turn: ReadTurn = conversation.read?.(sampled) ?? { text: conversation.decode(sampled), toolCalls: [] }
  return { ...turn, text: separateThought(turn.text).text }
}

export interface ShownTurn {
  /** Ids at the end of the context before the turn that fall away with its thought: what opened it. */
  dropped: number[]
  /** In place of the sampled ids. */
  tokenIds: number[]
}
