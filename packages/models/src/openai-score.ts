/**
 * Scoring by `/completions` with `echo`, as vLLM has it: the prompt comes back with the log-probability of each of its
 * tokens. One token is generated and left out: servers disagree about asking for none.
 */
import { type ScoredToken, type ScoreTokens, SwirlError } from "@swirl-ts/core"
import type { OpenaiClient } from "@swirl-ts/kit"
import { z } from "zod"

const EchoSchema = z.object({
  choices: z
    .array(
      z.object({
        logprobs: z.object({ tokens: z.array(z.string()), token_logprobs: z.array(z.number().nullable()) }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().nullish() }).nullish(),
})

export const openaiScore =
  (modelId: string, client: OpenaiClient): ScoreTokens =>
  async (input, { abortSignal } = {}) => {
    if ("prompt" in input) {
      throw new SwirlError(
        "A server's chat template is not known here, so a conversation cannot be scored: give it as text or as ids.",
        { kind: "usage" },
      )
    }
    const ids = "tokenIds" in input ? input.tokenIds : undefined
    const prompt = "tokenIds" in input ? input.tokenIds : input.text
    if (prompt.length === 0) return []
    const body = { model: modelId, prompt, echo: true, logprobs: 1, max_tokens: 1, temperature: 0 }
    const reply = await client.post(body, abortSignal)
    const echoed = EchoSchema.safeParse(reply.value)
    const { tokens = [], token_logprobs = [] } = echoed.data?.choices[0]?.logprobs ?? {}
    const count = ids?.length ?? echoed.data?.usage?.prompt_tokens ?? tokens.length - 1
    const scored = tokens.slice(0, count).map(
      (text, index): ScoredToken => ({
        id: ids?.[index] ?? null,
        text,
        logProbability: index === 0 ? null : (token_logprobs[index] ?? null),
      }),
    )
    const isWhole =
      scored.length === count && scored.every(({ logProbability }, i) => i === 0 || logProbability !== null)
    if (!isWhole || count < 1) {
      throw reply.refusal(
        "does not give the log-probabilities of a prompt (it needs echo with logprobs, as vLLM has it)",
      )
    }
    return scored
  }
