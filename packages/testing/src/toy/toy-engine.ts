/**
 * A real engine in plain numbers: a softmax policy with one table of logits for every last three token ids, exact
 * gradients, and Adam in double precision. Small enough to check by finite differences.
 */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import {
  type AdamOptions,
  type ConversationTokens,
  type Engine,
  type LanguageModel,
  messageText,
  random,
  seedFrom,
  type TrainingRow,
} from "@swirl-ts/core"

export const vocabulary = ["<end>", "<user>", "<model>", "add", "say", "0", "1", "2"] as const
const V = vocabulary.length
export const END = 0
export const id = (word: string): number => vocabulary.indexOf(word as (typeof vocabulary)[number])

export interface ToyEngine extends Engine {
  /** Live parameters, `[context][token]` flat. */
  parameters: Float64Array
  gradients: Float64Array
  calls: Record<"forwardBackward" | "logProbabilities" | "sample" | "optimStep", number>
}

export interface ToyOptions {
  /** Milliseconds every sampling of groups takes, so that a kill can land in it. */
  delay?: number
  /** Added to the logits of the starting policy. */
  initial?: (context: readonly number[], token: number) => number
}

export function toyEngine({ delay = 0, initial = startingLogit }: ToyOptions = {}): ToyEngine {
  const size = V ** 4
  const start = new Float64Array(size)
  for (let index = 0; index < size; index++) {
    const context = [Math.floor(index / V ** 3), Math.floor(index / V ** 2) % V, Math.floor(index / V) % V]
    start[index] = initial(context, index % V)
  }
  const parameters = Float64Array.from(start)
  const gradients = new Float64Array(size)
  let first = new Float64Array(size)
  let second = new Float64Array(size)
  let steps = 0
  const calls = { forwardBackward: 0, logProbabilities: 0, sample: 0, optimStep: 0 }

  const rowLogProbabilities = (
    table: Float64Array,
    row: Pick<TrainingRow, "promptTokenIds" | "tokenIds">,
  ): number[] => {
    const ids = [...row.promptTokenIds]
    return row.tokenIds.map((token) => {
      const value = distribution(table, contextOffset(ids))[token]!
      ids.push(token)
      return value
    })
  }

  return {
    parameters,
    gradients,
    calls,
    async sample(prompts, options) {
      calls.sample += 1
      if (delay > 0 && options.n > 1) await new Promise((resolve) => setTimeout(resolve, delay))
      return prompts.map((prompt, p) =>
        Array.from({ length: options.n }, (_, i) => {
          const source = random(seedFrom(options.seeds[p]!, i))
          const ids = [...prompt]
          const tokenIds: number[] = []
          const logProbabilities: number[] = []
          while (tokenIds.length < options.maxTokens && tokenIds.at(-1) !== END) {
            const log = distribution(parameters, contextOffset(ids))
            const token = options.temperature === 0 ? log.indexOf(Math.max(...log)) : draw(log, source.next())
            ids.push(token)
            tokenIds.push(token)
            logProbabilities.push(log[token]!)
          }
          return { tokenIds, logProbabilities, finishReason: tokenIds.at(-1) === END ? "stop" : "length" }
        }),
      )
    },
    async forwardBackward(rows, { normaliser, exactKl }) {
      calls.forwardBackward += 1
      let loss = 0
      let klSum = 0
      const logProbabilities = rows.map((row) => {
        const ids = [...row.promptTokenIds]
        return row.tokenIds.map((token, t) => {
          const offset = contextOffset(ids)
          const log = distribution(parameters, offset)
          const reference = distribution(start, offset)
          const weight = row.coefficients[t]! / normaliser
          loss -= weight * log[token]!
          const kl = log.reduce((sum, value, v) => sum + Math.exp(value) * (value - reference[v]!), 0)
          const klWeight = ((exactKl?.weight ?? 0) * (row.count ?? 1)) / normaliser
          klSum += (row.count ?? 1) * kl
          loss += klWeight * kl
          for (let v = 0; v < V; v++) {
            const p = Math.exp(log[v]!)
            gradients[offset + v]! -= weight * ((v === token ? 1 : 0) - p)
            gradients[offset + v]! += klWeight * p * (log[v]! - reference[v]! - kl)
          }
          ids.push(token)
          return log[token]!
        })
      })
      return { loss, logProbabilities, exactKl: exactKl && klSum }
    },
    async clearGradients() {
      gradients.fill(0)
    },
    async optimStep(options: AdamOptions) {
      calls.optimStep += 1
      const gradientNorm = Math.sqrt(gradients.reduce((sum, value) => sum + value * value, 0))
      if (!Number.isFinite(gradientNorm)) {
        gradients.fill(0)
        return { gradientNorm }
      }
      const clip = options.clipNorm ? Math.min(1, options.clipNorm / (gradientNorm + 1e-12)) : 1
      steps += 1
      for (let i = 0; i < size; i++) {
        const g = gradients[i]! * clip
        first[i] = options.beta1 * first[i]! + (1 - options.beta1) * g
        second[i] = options.beta2 * second[i]! + (1 - options.beta2) * g * g
        const m = first[i]! / (1 - options.beta1 ** steps)
        const v = second[i]! / (1 - options.beta2 ** steps)
        parameters[i]! -=
          options.learningRate * (m / (Math.sqrt(v) + options.epsilon) + options.weightDecay * parameters[i]!)
      }
      gradients.fill(0)
      return { gradientNorm }
    },
    async logProbabilities(rows, policy) {
      calls.logProbabilities += 1
      return rows.map((row) => rowLogProbabilities(policy === "initial" ? start : parameters, row))
    },
    async saveState(directory) {
      const state = { parameters: [...parameters], first: [...first], second: [...second], steps }
      await writeFile(join(directory, "state.json"), JSON.stringify(state))
    },
    async loadState(directory) {
      const state = JSON.parse(await readFile(join(directory, "state.json"), "utf8"))
      parameters.set(state.parameters)
      first = Float64Array.from(state.first)
      second = Float64Array.from(state.second)
      steps = state.steps
      gradients.fill(0)
    },
    languageModel: (): LanguageModel => ({
      specificationVersion: "v3",
      provider: "toy",
      modelId: "toy",
      conversation,
      doGenerate: () => Promise.reject(new Error("the toy engine only samples")),
    }),
    dispose: () => Promise.resolve(),
  }
}

export const conversation: ConversationTokens = {
  start: (prompt, { opensTurn = true } = {}) => [
    ...prompt.flatMap((message) => {
      const words = messageText(message).split(" ").filter(Boolean).map(id)
      return message.role === "assistant" ? [id("<model>"), ...words, END] : [id("<user>"), ...words]
    }),
    ...(opensTurn ? [id("<model>")] : []),
  ],
  continue: () => [],
  decode: (tokenIds) =>
    tokenIds
      .map((token) => vocabulary[token]!)
      .filter((word) => !word.startsWith("<"))
      .join(" "),
}

/** Where the logits after these ids begin. */
function contextOffset(ids: readonly number[]): number {
  const [a = 0, b = 0, c = 0] = ids.slice(-3)
  return ((a * V + b) * V + c) * V
}

function distribution(table: Float64Array, offset: number): number[] {
  const logits = [...table.subarray(offset, offset + V)]
  const top = Math.max(...logits)
  const normaliser = top + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - top), 0))
  return logits.map((value) => value - normaliser)
}

function draw(log: readonly number[], uniform: number): number {
  let reached = 0
  for (let token = 0; token < log.length; token++) {
    reached += Math.exp(log[token]!)
    if (uniform < reached) return token
  }
  return log.length - 1
}

/** A policy that knows the form (a word, a digit, the end) and little else. */
function startingLogit(context: readonly number[], token: number): number {
  const last = vocabulary[context[2]!]!
  const noise = random(seedFrom("toy", ...context, token)).next()
  if (last === "<model>") return noise + (token === id("add") || token === id("say") ? 2.5 : 0)
  if (last === "add" || last === "say") return noise + (token >= id("0") ? 2.5 : 0)
  return noise + (token === END ? 3.5 : 0)
}
