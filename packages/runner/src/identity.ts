/** Ids come from what a record is, so writing one twice is harmless and a run that is started again knows what it has. */
import {
  canonicalJson,
  contentHash,
  type FunctionTool,
  type Limits,
  type Message,
  type Prompting,
  promptingIdentity,
  type ToolLimits,
} from "@swirl-ts/core"
import type { Sampling } from "./sampling.ts"

/** Everything that decides a trajectory besides the task and the epoch. */
export interface RunIdentity {
  policy: string
  seed: number
  actionFormat: string
  sampling: Sampling
  limits: Limits
  tools: readonly string[]
  /** By tool, what is not the default. */
  toolLimits?: Readonly<Record<string, ToolLimits>>
  /** A template, worked examples: what is not the benchmark's own way. */
  prompting?: Prompting
}

/** Settings that are left out count as their defaults. Texts are built in a fixed order: these run for every step. */
export function runHash(identity: RunIdentity): string {
  const { policy, seed, actionFormat, sampling, limits, tools, toolLimits } = identity
  const prompting = promptingIdentity(identity.prompting)
  const { temperature = 1, topP = null, topK = null, stopSequences = [] } = sampling
  const { toolCalls, steps, stepTokens, trajectoryTokens } = limits
  return hash([
    [policy, seed, actionFormat, tools],
    [temperature, topP, topK, stopSequences],
    [toolCalls, steps, stepTokens, trajectoryTokens],
    ...(toolLimits ? [canonicalJson(toolLimits)] : []),
    ...(prompting ? [canonicalJson(prompting)] : []),
  ])
}

export function trajectoryId(what: {
  benchmark: string
  split: string
  taskId: string
  epoch: number
  runHash: string
}): string {
  return hash([what.benchmark, what.split, what.taskId, what.epoch, what.runHash])
}

/** Hash of a context that grows by messages: each is hashed once. */
export function extendContext(context: string, messages: readonly Message[]): string {
  return hash([context, messages])
}

export function responseId(
  trajectory: string,
  step: number,
  request: { context: string; tools: readonly FunctionTool[]; maxOutputTokens: number; seed: number },
): string {
  return hash([trajectory, step, request.context, request.tools, request.maxOutputTokens, request.seed])
}

const hash = (parts: readonly unknown[]): string => contentHash(JSON.stringify(parts))
