/**
 * An action is what one model turn does: one tool call, or an answer, or (malformed) neither or both.
 * An ActionFormat is how actions are written in a conversation.
 */
import type { Message } from "../prompts/prompt.ts"
import type { FunctionTool } from "./function-tool.ts"
import type { Generation } from "./model.ts"
import type { NamedTool } from "./tool.ts"
import type { Observation } from "./tool-output.ts"

export type Action =
  /** `query`: the input as the model wrote it (in `tags`: the text inside the tag), for people and for `query -> result`. */
  | { kind: "tool"; tool: string; input: unknown; query: string }
  | { kind: "answer"; answer: string }
  | { kind: "malformed"; reason: string }

export type WrittenAction = Pick<Generation, "text" | "toolCalls">

export interface ActionFormat {
  name: string
  description: string
  /**
   * True where the model's turn goes on behind the result of a call: `reply` to a call is then an assistant message, which is
   * written into the same turn. Needs a model that continues token ids (`conversation`); worked examples show what is
   * thought between the calls.
   */
  continuesTurn?: boolean
  /** Texts at which the model's turn is interrupted, such as closing tags; absent: it ends by itself. */
  stops?(tools: readonly NamedTool[]): string[]
  /** Tools to send with the request; only formats that use the model's own tool calling send any. */
  requestTools(tools: readonly NamedTool[]): FunctionTool[]
  /** Never throws: whatever cannot be read is malformed, with a reason. */
  parse(
    generation: Pick<Generation, "text" | "toolCalls" | "finishReason" | "callProblem">,
    tools: readonly NamedTool[],
  ): Action
  /** What a model would have generated to act so: `parse` reads it back. For worked examples. Throws where nothing would be read so. */
  write(action: Exclude<Action, { kind: "malformed" }>, tools: readonly NamedTool[]): WrittenAction
  /** The model's own turn, as it stands in the conversation from now on. */
  turn(generation: Pick<Generation, "text" | "toolCalls">): Message
  /** The turns that answer an action: the result of its call, or what was malformed. Never called for answers. */
  reply(action: Action, observation: Observation, generation: Pick<Generation, "toolCalls">): Message[]
  /** How the instruction turn tells the model to act in this format (used by `instructions`). */
  describe(tools: readonly NamedTool[]): string
  /** What the instruction turn says of results, of when to answer and of what a turn holds; default: `CALL -> RESULT`, one thing a turn. */
  rules?: string
  /** What it says in the place of `rules` where no worked example shows how a turn looks; default: `rules`. */
  unshownRules?(tools: readonly NamedTool[]): string
}
