/**
 * Sampling on the server. Invariant: what is sampled from is saved anew after every change of the weights and never again after the
 * next one: a server that samples from older weights puts them into the training.
 */
import { type SampledSequence, SwirlError, seedFrom } from "@swirl-ts/core"
import { LostModel } from "./problems.ts"
import type { RemoteTraining } from "./remote-training.ts"
import type { TinkerClient } from "./tinker-client.ts"
import { RequestSchema, SampledSchema } from "./wire.ts"

export interface SampleRequest {
  n: number
  maxTokens: number
  temperature: number
  topP: number
  /** 0: all. */
  topK: number
  seed: number
  /** Ids that end a turn, kept. */
  stopTokenIds: readonly number[]
  /** Whether sampled ids have come to another end. */
  isEnd?: (tokenIds: readonly number[]) => boolean
  abortSignal?: AbortSignal
}

export interface RemoteSampler {
  sample(prompt: readonly number[], request: SampleRequest): Promise<SampledSequence[]>
  /** Where the present weights are saved for sampling. */
  path(): Promise<string>
  /** log π of the last `count` ids, under the base without an adapter. */
  scoreByBase(tokenIds: readonly number[], count: number): Promise<number[]>
  /** Resolves when nobody samples. */
  whenIdle(): Promise<void>
  /** The weights have changed. */
  forget(): void
}

/** Seeds are signed 32-bit there; sample i of a prompt draws from the prompt's seed plus i. */
const seedOf = (seed: number, n: number): number => seedFrom(seed, "tinker") % (2 ** 31 - n)

const mostAttempts = 3

export function createRemoteSampler(
  client: TinkerClient,
  baseModel: string,
  training: Pick<RemoteTraining, "onModel">,
): RemoteSampler {
  let saved: Promise<string> | undefined
  let running = 0
  const idlers: (() => void)[] = []

  const path = (): Promise<string> => {
    saved ??= training.onModel((model) => model.saveForSampler())
    const own = saved
    own.catch(() => {
      if (saved === own) saved = undefined
    })
    return own
  }
  const ask = (body: object, signal?: AbortSignal) =>
    client.turn(async () => {
      signal?.throwIfAborted()
      const { request_id } = await client.ask("/asample", body, RequestSchema, { signal })
      return client.wait(request_id, "asample", SampledSchema, { signal })
    })

  /** On the weights as they are, saved anew where the server lost them. */
  const askModel = async (body: object, signal?: AbortSignal) => {
    for (let attempt = 1; ; attempt++) {
      const model_path = await path()
      try {
        return await ask({ ...body, model_path }, signal)
      } catch (error) {
        if (!(error instanceof LostModel) || attempt >= mostAttempts) throw error
        if ((await saved) === model_path) saved = undefined
      }
    }
  }

  return {
    path,
    async sample(prompt, { n, maxTokens, temperature, topP, topK, seed, stopTokenIds, isEnd, abortSignal }) {
      running++
      try {
        const { sequences } = await askModel(
          {
            num_samples: n,
            prompt: promptOf(prompt),
            sampling_params: {
              max_tokens: maxTokens,
              temperature,
              top_p: topP,
              top_k: topK === 0 ? -1 : topK,
              seed: seedOf(seed, n),
              ...(stopTokenIds.length > 0 ? { stop: stopTokenIds } : {}),
            },
          },
          abortSignal,
        )
        if (sequences.length !== n)
          throw new SwirlError(`${client.url} gave ${sequences.length} samples where ${n} were asked for.`)
        return sequences.map((sequence) => cut(sequence, isEnd))
      } finally {
        running--
        if (running === 0) for (const resolve of idlers.splice(0)) resolve()
      }
    },
    async scoreByBase(tokenIds, count) {
      const { prompt_logprobs } = await ask({
        num_samples: 1,
        prompt: promptOf(tokenIds),
        sampling_params: { max_tokens: 1, temperature: 0, seed: 0 },
        prompt_logprobs: true,
        base_model: baseModel,
      })
      // One a token that something stands before; some servers have a null for the first.
      const values = prompt_logprobs?.slice(-count) ?? []
      if (![tokenIds.length - 1, tokenIds.length].includes(prompt_logprobs?.length ?? 0) || values.includes(null))
        throw new SwirlError(
          `${client.url} gave ${prompt_logprobs?.length ?? 0} log-probabilities for a text of ${tokenIds.length} tokens.`,
        )
      return values as number[]
    },
    whenIdle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    forget: () => {
      saved = undefined
    },
  }
}

const promptOf = (tokens: readonly number[]) => ({ chunks: [{ type: "encoded_text", tokens }] })

/** The server takes either ids or texts to stop at: it is given the ids, and texts are looked for here. */
function cut(
  { tokens, logprobs, stop_reason }: { tokens: number[]; logprobs: number[]; stop_reason: "stop" | "length" },
  isEnd: SampleRequest["isEnd"],
): SampledSequence {
  if (tokens.length !== logprobs.length)
    throw new SwirlError(`The server gave ${logprobs.length} log-probabilities for ${tokens.length} sampled tokens.`)
  const end = isEnd ? tokens.findIndex((_, index) => isEnd(tokens.slice(0, index + 1))) : -1
  if (end < 0) return { tokenIds: tokens, logProbabilities: logprobs, finishReason: stop_reason }
  return { tokenIds: tokens.slice(0, end + 1), logProbabilities: logprobs.slice(0, end + 1), finishReason: "stop" }
}
