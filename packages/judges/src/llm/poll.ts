/**
 * Asks a model for verdicts on one prompt, k times. Invariant: a reply that is missing, empty, cut off or says nothing
 * clear is a vote that nobody cast, with the reason; it is never counted as a vote against. The same prompt is asked
 * once: replies are kept in memory, those without a verdict are not.
 */
import {
  contentHash,
  errorMessage,
  isCommandEnd,
  isSwirlError,
  readGeneration,
  seedFrom,
  userMessage,
} from "@swirl-ts/core"
import { lastVerdict, type VerdictWords } from "./last-verdict.ts"
import type { LlmSettings } from "./llm-options.ts"

interface Vote {
  /** Absent where the reply gives none. */
  word?: string
  /** The explanation; or why there is no verdict, in its first line, and what was said instead. */
  text: string
}

export interface Poll {
  votes: Vote[]
  usage: { inputTokens: number; outputTokens: number }
}

export type Ask = (prompt: string, options?: { abortSignal?: AbortSignal }) => Promise<Poll>

/** Prompts whose replies are remembered. */
const remembered = 10_000

export function pollster(settings: LlmSettings, words: VerdictWords): Ask {
  const known = new Map<string, Promise<Poll>>()
  return async (prompt, { abortSignal } = {}) => {
    const key = contentHash(prompt, 32)
    const before = known.get(key)
    if (before) {
      const { votes } = await before
      return { votes, usage: { inputTokens: 0, outputTokens: 0 } }
    }
    const asked = poll(settings, words, prompt, abortSignal)
    known.set(key, asked)
    if (known.size > remembered) known.delete(known.keys().next().value!)
    const forget = (): void => {
      if (known.get(key) === asked) known.delete(key)
    }
    asked.then(({ votes }) => {
      if (votes.some((vote) => vote.word === undefined)) forget()
    }, forget)
    return asked
  }
}

async function poll(
  settings: LlmSettings,
  words: VerdictWords,
  prompt: string,
  abortSignal: AbortSignal | undefined,
): Promise<Poll> {
  const usage = { inputTokens: 0, outputTokens: 0 }
  const votes = await Promise.all(
    Array.from({ length: settings.votes }, async (_, vote): Promise<Vote> => {
      const { model, maxTokens, temperature } = settings
      const seed = seedFrom(settings.seed, "judge", vote, contentHash(prompt))
      try {
        const result = await model.doGenerate({
          prompt: [userMessage(prompt)],
          maxOutputTokens: maxTokens,
          ...(temperature === null ? {} : { temperature }),
          seed,
          providerOptions: { swirl: { seed } },
          abortSignal,
        })
        const generation = readGeneration(result, model)
        if (!generation.cached) {
          usage.inputTokens += generation.usage.inputTokens
          usage.outputTokens += generation.usage.outputTokens
        }
        return readVote(generation, words, maxTokens)
      } catch (error) {
        abortSignal?.throwIfAborted()
        // A wrong key or an unknown model fails for every step alike.
        if (isCommandEnd(error) || (isSwirlError(error) && error.kind === "usage")) throw error
        return { text: `the judge's model failed: ${errorMessage(error)}` }
      }
    }),
  )
  return { votes, usage }
}

function readVote(generation: ReturnType<typeof readGeneration>, words: VerdictWords, maxTokens: number): Vote {
  const { text, finishReason } = generation
  const without = (why: string): Vote => ({ text: text.trim() === "" ? why : `${why}\n${clip(text.trim(), 600)}` })
  if (finishReason === "length") return without(`the judge's reply was cut off at ${maxTokens} tokens`)
  if (text.trim() === "") return without("the judge's reply is empty")
  if (finishReason === "error") return without("the judge's model ended with an error")
  const word = lastVerdict(text, words)
  return word === undefined
    ? without(`the judge's reply gives no clear ${words[0]} or ${words[1]}`)
    : { word, text: clip(text.trim(), 4000) }
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length / 2)} … ${text.slice(-length / 2)}` : text
}
