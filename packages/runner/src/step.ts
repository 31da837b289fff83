/** The record of one model turn, before anything answers it. */
import type { Action, Generation, Step } from "@swirl-ts/core"

/** `entered`: ids that entered the context before the sampled ones, of models that keep them. */
export function newStep(index: number, action: Action, generation: Generation, entered: number[] | undefined): Step {
  const { text, reasoning, toolCalls, providerMetadata, finishReason, tokens } = generation
  return {
    index,
    kind: action.kind,
    text,
    reasoning,
    call:
      action.kind === "tool"
        ? {
            tool: action.tool,
            input: action.input,
            query: action.query,
            providerMetadata: toolCalls[0]?.providerMetadata,
          }
        : undefined,
    toolCalls:
      action.kind === "malformed" && toolCalls.length > 0
        ? toolCalls.map(({ toolCallId: _, ...call }) => call)
        : undefined,
    providerMetadata,
    answer: action.kind === "answer" ? action.answer : undefined,
    malformed: action.kind === "malformed" ? action.reason : undefined,
    contextTokenIds: entered,
    tokenIds: tokens?.tokenIds,
    logProbabilities: tokens?.logProbabilities,
    finishReason,
  }
}
