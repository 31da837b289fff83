/**
 * The Model contract: structurally an AI SDK language model (specification v2, v3 or v4), so any provider of `ai` fits.
 * Local models add token ids: in by `providerOptions.swirl`, out by `providerMetadata.swirl` (see TokenMetadata).
 */
import { SwirlError } from "../errors.ts"
import type { JsonValue, Prompt, ProviderFields } from "../prompts/prompt.ts"
import type { EndpointCount } from "../records/endpoint.ts"
import type { ConversationTokens } from "./conversation-tokens.ts"
import type { FunctionTool } from "./function-tool.ts"
import { generateResultProblem } from "./generate-result.ts"
import type { UnloadedPolicy } from "./policy-text.ts"
import type { ScoreTokens } from "./scoring.ts"
import { separateThought } from "./thoughts.ts"

export interface GenerateOptions {
  prompt: Prompt
  maxOutputTokens?: number
  temperature?: number
  topP?: number
  topK?: number
  stopSequences?: string[]
  seed?: number
  tools?: FunctionTool[]
  toolChoice?: { type: "auto" } | { type: "none" } | { type: "required" }
  abortSignal?: AbortSignal
  /** `providerOptions.swirl` is a SwirlOptions. */
  providerOptions?: Record<string, Record<string, JsonValue>>
}

/** What the runner hands to a model that keeps token ids. */
export interface SwirlOptions {
  /** The exact ids to continue; when given, `prompt` is for people only and is not tokenised. */
  promptTokenIds?: number[]
  seed?: number
  /** Turns that the model has taken in this conversation before, those of worked examples aside. */
  step?: number
  /** Calls with the same value begin alike: of several servers, one that has the beginning goes before the others. */
  prefixKey?: string
}

/** What a model that keeps token ids hands back in `providerMetadata.swirl`. */
export interface TokenMetadata {
  promptTokenIds: number[]
  /** Sampled ids, the end-of-turn id included when it was sampled. */
  tokenIds: number[]
  /** One a sampled id, natural logarithm, under the model's own distribution at temperature 1. */
  logProbabilities: number[]
  /** `stop`: the model ended its turn; `length`: the token limit cut it off. */
  finishReason: "stop" | "length"
  /** Why what begins like a call cannot be read as one. */
  callProblem?: string
}

export type ContentPart =
  | { type: "text"; text: string; providerMetadata?: ProviderFields }
  | { type: "reasoning"; text: string; providerMetadata?: ProviderFields }
  | { type: "tool-call"; toolCallId: string; toolName: string; input: string; providerMetadata?: ProviderFields }
  | { type: string; [field: string]: unknown }

export interface GenerateResult {
  content: ContentPart[]
  /** A string (v2) or `{ unified, raw }` (v3 and later). */
  finishReason: unknown
  /** Counts as numbers (v2) or as `{ total }` (v3 and later). */
  usage: unknown
  providerMetadata?: Record<string, Record<string, unknown>>
  /** It was answered before, and nothing was spent on it now. */
  cached?: true
}

export interface LanguageModel {
  readonly specificationVersion: "v2" | "v3" | "v4"
  readonly provider: string
  readonly modelId: string
  doGenerate(options: GenerateOptions): PromiseLike<GenerateResult>
  /** Only models that keep token ids have it. */
  readonly conversation?: ConversationTokens
  /** Only models that tell how likely given tokens are have it. */
  readonly score?: ScoreTokens
}

/** A model opened for use, by a ModelProvider. */
export interface OpenModel {
  model: LanguageModel
  /** Names what was opened so that records of two different weights never mix: a digest of the weights, or the model's name. */
  identity: string
  /** Whether `identity` is a digest of what was opened: then it is one policy wherever it lies, and its path is no part of its name. */
  identityIsDigest?: boolean
  /** How many calls at once are useful; the runner takes the smaller of this and `--concurrency`. */
  concurrency?: number
  /** Addresses of its servers, without user and password: one name may mean other weights elsewhere. */
  servers?: readonly string[]
  /** Requests so far, by server, where several take turns. */
  endpoints?(): EndpointCount[]
  close?(): Promise<void>
}

/** Everything a plugin may know of the outside; only the command line reads the environment. */
export interface Host {
  /** Folder for downloads and caches, created when needed. */
  cacheDirectory: string
  workingDirectory: string
  environment: Readonly<Record<string, string | undefined>>
  /** One line for people, on standard error. */
  log(line: string): void
}

/** Opens the models of one prefix: `local:./model` asks provider `local` for `./model`; `nano` asks provider `nano` for an empty reference. */
export interface ModelProvider {
  description: string
  open(reference: string, options: ModelOptions, host: Host): Promise<OpenModel>
  /** Throws where the reference names nothing that is there, and opens nothing: asked before work is planned with it. */
  check?(reference: string, host: Host): void | Promise<void>
  /** The folder that `open` would read, where there is one: what else is known of a model, such as the questions it has seen, stands in it. */
  directory?(reference: string, host: Host): string | undefined | Promise<string | undefined>
  /** What of it needs no weights, for engines that compute elsewhere. Only models that keep token ids have it. */
  unloaded?(reference: string, host: Host): Promise<UnloadedPolicy>
}

export interface ModelOptions {
  /** Several are separated by commas, and take turns. */
  baseUrl?: string
  /** TensorFlow.js backend of local models. */
  backend?: "wasm" | "native"
  /** How the weights of local models are held and multiplied. */
  precision?: "f32" | "bf16" | "auto"
  [option: string]: unknown
}

/** What the model thought: a part of the turn that came by itself, or a thought that stood in its text. */
export interface Reasoning {
  text: string
  /** What came with it, to go back with it. */
  providerMetadata?: ProviderFields
}

/** One model turn, whatever the specification version it came in. */
export interface Generation {
  /** What was said, without the thoughts. */
  text: string
  toolCalls: { toolCallId: string; toolName: string; input: string; providerMetadata?: ProviderFields }[]
  /** Why what begins like a call in the text cannot be read as one. */
  callProblem?: string
  reasoning?: Reasoning[]
  /** What came with the text, to go back with it. */
  providerMetadata?: ProviderFields
  finishReason: "stop" | "length" | "error" | "other"
  usage: { inputTokens: number; outputTokens: number }
  tokens?: TokenMetadata
  /** `usage` was spent before: the turn comes from a cache or a recording. */
  cached?: true
}

const finishReasons: Record<string, Generation["finishReason"]> = {
  stop: "stop",
  "tool-calls": "stop",
  length: "length",
  error: "error",
}

/**
 * Reads a result of any specification version. Thoughts are left out of the text, wherever they stood. Throws where it is
 * no turn that can be read, naming `model`, which gave it; counts that are none are 0.
 */
export function readGeneration(
  result: GenerateResult,
  model?: Pick<LanguageModel, "provider" | "modelId">,
): Generation {
  const problem = generateResultProblem(result)
  if (problem !== undefined) {
    throw new SwirlError(`The model${model ? ` ${model.modelId} of the provider ${model.provider}` : ""} ${problem}.`)
  }
  const reason = field(result.finishReason, "unified") ?? result.finishReason
  const texts: string[] = []
  const toolCalls: Generation["toolCalls"] = []
  const reasoning: Reasoning[] = []
  let ofText: ProviderFields | undefined
  for (const part of result.content) {
    const providerMetadata = (part.providerMetadata ?? undefined) as ProviderFields | undefined
    if (part.type === "text") {
      texts.push(part.text as string)
      if (providerMetadata) ofText = { ...ofText, ...providerMetadata }
    }
    if (part.type === "reasoning") reasoning.push({ text: part.text as string, providerMetadata })
    if (part.type === "tool-call") {
      const { toolCallId, toolName, input } = part as { toolCallId: string; toolName: string; input: unknown }
      const written = typeof input === "string" ? input : JSON.stringify(input)
      toolCalls.push({ toolCallId, toolName, input: written, providerMetadata })
    }
  }
  const { callProblem, ...own } = (result.providerMetadata?.swirl ?? {}) as Partial<TokenMetadata>
  const tokens = result.providerMetadata?.swirl ? (own as TokenMetadata) : undefined
  const { text, thought } = separateThought(texts.join(""))
  if (thought !== undefined) reasoning.push({ text: thought })
  return {
    text,
    toolCalls,
    callProblem,
    reasoning: reasoning.length > 0 ? reasoning : undefined,
    providerMetadata: ofText,
    finishReason: finishReasons[String(reason)] ?? "other",
    usage: usageOf(result),
    tokens,
    cached: result.cached === true ? true : undefined,
  }
}

/** Tokens in and out, whatever the specification version; counts that are none are 0. */
export const usageOf = ({ usage }: Pick<GenerateResult, "usage">): Generation["usage"] => ({
  inputTokens: count(usage, "inputTokens"),
  outputTokens: count(usage, "outputTokens"),
})

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function count(usage: unknown, name: string): number {
  const value = field(usage, name)
  const total = field(value, "total") ?? value
  return typeof total === "number" && Number.isFinite(total) && total >= 0 ? total : 0
}
