/**
 * The running id list of one conversation. Every text is encoded once, when it enters; sampled ids stay as they were
 * sampled, but for a thought that the chat template takes off. Invariant: the next prompt is the previous prompt, the
 * sampled ids or what is shown in their place, and what entered since.
 */
import { type ConversationTokens, type Prompt, type Step, SwirlError, type TokenMetadata } from "@swirl-ts/core"

export class TokenTape {
  readonly #conversation: ConversationTokens
  readonly #ids: number[]
  /** Ids that entered since the last sampled ones. */
  #entered: number[]
  /** The ids of the model's last turn. */
  #sampled: readonly number[] = []

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
    this.#sampled = tokenIds
    for (const id of tokenIds) this.#ids.push(id)
    return entered
  }

  /** The turns that follow, encoded now and never again. Gives how the turn before stands from now on, where not as sampled. */
  enter(turns: Prompt, finishReason: TokenMetadata["finishReason"]): Step["shown"] {
    const shown = this.#show(turns)
    this.#entered = this.#conversation.continue(turns, finishReason, this.#sampled)
    for (const id of this.#entered) this.#ids.push(id)
    return shown
  }

  #show(turns: Prompt): Step["shown"] {
    const shown = this.#conversation.shown?.(this.#sampled, turns)
    const start = this.#ids.length - this.#sampled.length
    const opened = start - (shown?.dropped.length ?? 0)
    // Where the context ends in other ids, nothing is taken off that was not put there for the thought.
    if (!shown?.dropped.every((id, index) => id === this.#ids[opened + index])) return undefined
    this.#ids.length = opened
    for (const id of shown.tokenIds) this.#ids.push(id)
    return { dropped: shown.dropped.length, tokenIds: shown.tokenIds }
  }
}
