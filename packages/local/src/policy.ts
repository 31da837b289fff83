/** A checkpoint, a folder in Hugging Face layout or a GGUF file, loaded: weights, tokenizer, and how its conversations become ids. */
import {
  errorMessage,
  type PolicyText,
  plainConversation,
  plainStops,
  SwirlError,
  type TextCodec,
  templateConversation,
} from "@swirl-ts/core"
import {
  disposeModel,
  loadAdapter,
  loadModel,
  loadTokenizer,
  type Precision,
  readConfig,
  type Tokenizer,
  type TransformerConfig,
  type TransformerModel,
  withAdapter,
} from "@swirl-ts/transformer"
import type { AdapterBase } from "@swirl-ts/transformer/files"

export interface Policy {
  /** The folder or GGUF file that it was loaded from; a saved checkpoint has its tokenizer. */
  directory: string
  model: TransformerModel
  text: PolicyText
  /** How an adapter that is trained on it names it; default: by its folder. */
  base?: AdapterBase
}

export interface LoadPolicyOptions {
  /** Folders of adapters to put on it. */
  adapters?: readonly string[]
  precision?: Precision
}

/** The shape of a checkpoint, of which nothing else is read. */
export function readPolicyConfig(directory: string): TransformerConfig {
  try {
    return readConfig(directory)
  } catch (cause) {
    throw new SwirlError(errorMessage(cause), { cause })
  }
}

/** Loads weights into the active backend; `disposeModel(policy.model)` frees them. */
export function loadPolicy(directory: string, { adapters = [], precision }: LoadPolicyOptions = {}): Policy {
  let model: TransformerModel | undefined
  try {
    const tokenizer = loadTokenizer(directory)
    model = loadModel(directory, { precision })
    const { vocabularySize } = model.config
    // Tokens are often added (for padding) without a row in the embedding; where one occurs, it is refused there.
    const ordinary = tokenizer.vocabularySize - tokenizer.addedTokens
    if (ordinary > vocabularySize) {
      throw new SwirlError(
        `${directory}: the tokenizer has ${ordinary} tokens, the model only ${vocabularySize}. They do not belong together.`,
        { kind: "usage" },
      )
    }
    for (const folder of adapters) model = withAdapter(model, loadAdapter(folder, model.config))
    return { directory, model, text: policyText(tokenizer, model.config.endTokenIds) }
  } catch (cause) {
    if (model !== undefined) disposeModel(model)
    throw cause instanceof SwirlError ? cause : new SwirlError(errorMessage(cause), { cause })
  }
}

export function policyText(tokenizer: Tokenizer, endTokenIds: readonly number[] = []): PolicyText {
  const ends = new Set([...tokenizer.endOfTurnTokenIds, ...endTokenIds])
  const names = [...tokenizer.controlTokens.keys()].sort((a, b) => b.length - a.length)
  /** Ends of turns that a tokenizer does not call special. */
  const silent = new Set([...tokenizer.controlTokens.values()].filter((id) => ends.has(id)))
  const codec: TextCodec = {
    encode: (text) => tokenizer.encode(text),
    decode: (tokenIds) =>
      tokenizer.decode(
        tokenIds.filter((id) => !silent.has(id)),
        { skipSpecialTokens: true },
      ),
    spell: (tokenIds) => tokenizer.decode(tokenIds),
    isEndOfTurn: (tokenId) => ends.has(tokenId),
    names: {
      within: (text) => names.filter((name) => text.includes(name)),
      encode: (text) => tokenizer.encode(text, { namesAreText: true }),
      encodeMarked: (text, mark) => tokenizer.encodeMarked(text, mark),
    },
  }
  const { applyChatTemplate } = tokenizer
  const conversation = applyChatTemplate
    ? templateConversation(codec, (messages, { opensTurn = true, variables } = {}) =>
        applyChatTemplate(
          messages.map((message) => ({ ...message })),
          { addGenerationPrompt: opensTurn, variables },
        ),
      )
    : plainConversation(codec, beginningOf(tokenizer))
  return {
    codec,
    conversation,
    encodeWhole: (text) => tokenizer.encode(text, { addSpecialTokens: true }),
    tokenText: (tokenId) => (tokenizer.idToToken(tokenId) === undefined ? "" : tokenizer.decode([tokenId])),
    stops: applyChatTemplate ? [] : plainStops,
    endOfTurnTokenIds: [...ends],
  }
}

/** What the tokenizer puts before a text, such as a begin-of-text token. */
function beginningOf(tokenizer: Tokenizer): number[] {
  const text = "User"
  const first = tokenizer.encode(text)[0]
  const ids = tokenizer.encode(text, { addSpecialTokens: true })
  return first === undefined ? [] : ids.slice(0, Math.max(0, ids.indexOf(first)))
}
