/**
 * The running id list of one conversation. Every text is encoded once, when it enters; sampled ids stay as they were
 * sampled. Invariant: the next prompt is the previous prompt, the sampled ids, and what entered since.
 */
import { type ConversationTokens, type Prompt, SwirlError, type TokenMetadata } from "@swirl-ts/core"

export class TokenTape {
  readonly #conversation: ConversationTokens
  readonly #ids: number[]
  /** Ids that entered since the last sampled ones. */
  #entered: number[]

  constructor(conversation: ConversationTokens, prompt: Prompt) {
    this.#conversation = conversation
    this.#entered = conversation.start(prompt)
    this.#ids = [...this.#entered]
  }

  get length(): number {
    return this.#ids.length
  }

  /** The exact ids of the next call. */
  promptTokenIds(): number[] {
    return [...this.#ids]
  }

  /** Takes the sampled ids; returns the ids that entered before them. Refuses a model that used another prompt. */
  sampled(tokens: TokenMetadata | undefined): number[] {
    if (!tokens) throw new SwirlError("The model keeps token ids but did not hand back the ids of this turn.")
    const { promptTokenIds, tokenIds, logProbabilities } = tokens
    if (promptTokenIds.length !== this.#ids.length || promptTokenIds.some((id, at) => id !== this.#ids[at])) {
      throw new SwirlError("The model did not continue the token ids it was given; it tokenised the prompt again.")
    }
    if (tokenIds.length !== logProbabilities.length) {
      throw new SwirlError(
        `The model gave ${logProbabilities.length} log-probabilities for ${tokenIds.length} sampled token ids.`,
      )
    }
    const entered = this.#entered
    this.#entered = []
    for (const id of tokenIds) this.#ids.push(id)
    return entered
  }

  /** The turns that follow, encoded now and never again. */
  enter(turns: Prompt, finishReason: TokenMetadata["finishReason"]): void {
    this.#entered = this.#conversation.continue(turns, finishReason)
    for (const id of this.#entered) this.#ids.push(id)
  }
}
