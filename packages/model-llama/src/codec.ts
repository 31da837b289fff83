/** Text and ids of a GGUF model, and its chat template. */
import { Template } from "@huggingface/jinja"
import {
  type ChatTemplate,
  type ConversationTokens,
  errorMessage,
  plainConversation,
  plainStops,
  SwirlError,
  type TextCodec,
  templateConversation,
} from "@swirl-ts/core"
import type { LlamaModel } from "./peer.ts"

export interface ModelConversation {
  tokens: ConversationTokens
  /** Where a turn ends besides the model's own end-of-turn token. */
  stops: readonly (string | RegExp)[]
}

export const modelCodec = (model: LlamaModel): TextCodec => ({
  encode: (text) => (text === "" ? [] : [...model.tokenize(text, true)]),
  decode: (tokenIds) => model.detokenize(tokenIds, false),
  spell: (tokenIds) => model.detokenize(tokenIds, true),
  isEndOfTurn: (tokenId) => model.isEogToken(tokenId),
  names: {
    within: (text) => namesWithin(model, text),
    encode: (text) => [...model.tokenize(text, false)],
  },
})

/** The library does not list a model's control tokens: a name in brackets is one where it is a single token as control only. */
function namesWithin(model: LlamaModel, text: string): string[] {
  const candidates = new Set(text.match(/<[^<>\s]{1,60}>|\[[^[\]\s]{1,60}\]/g))
  return [...candidates]
    .filter((name) => model.tokenize(name, true).length === 1 && model.tokenize(name, false).length > 1)
    .sort((a, b) => b.length - a.length)
}

/** Ids with the token that begins every text of the model, where it has one; templates that write it themselves do not get it twice. */
export function begun({ tokens: { bos, shouldPrependBosToken } }: Pick<LlamaModel, "tokens">, ids: number[]): number[] {
  return shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids
}

/** `template` replaces the one in the file; without any, turns are written plainly. */
export function modelConversation(
  model: LlamaModel,
  template = model.fileInfo.metadata.tokenizer?.chat_template,
): ModelConversation {
  const codec = modelCodec(model)
  const { bosString, eosString } = model.tokens
  if (!template) return { tokens: plainConversation(codec, begun(model, [])), stops: plainStops }
  const compiled = compile(template)
  const render: ChatTemplate = (messages, { opensTurn = true, variables } = {}) => {
    try {
      return compiled.render({
        ...variables,
        messages,
        add_generation_prompt: opensTurn,
        bos_token: bosString ?? "",
        eos_token: eosString ?? "",
      })
    } catch (cause) {
      throw new SwirlError(`The model's chat template refuses this conversation: ${errorMessage(cause)}`, { cause })
    }
  }
  return { tokens: beginning(model, templateConversation(codec, render)), stops: [] }
}

/** The same conversation, with tools offered or not, after the token that begins every text of the model. */
function beginning(model: LlamaModel, { start, withTools, ...others }: ConversationTokens): ConversationTokens {
  return {
    ...others,
    start: (prompt, options) => begun(model, start(prompt, options)),
    withTools: withTools && ((tools) => beginning(model, withTools(tools))),
  }
}

function compile(template: string): Template {
  try {
    return new Template(template)
  } catch (cause) {
    throw new SwirlError(`The model's chat template cannot be read: ${errorMessage(cause)}`, { cause })
  }
}
