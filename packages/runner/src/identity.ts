/** Ids come from what a record is, so writing one twice is harmless and a run that is started again knows what it has. */
import { contentHash, type FunctionTool, type Limits, type Message } from "@swirl-ts/core"
import type { Sampling } from "./trajectory.ts"

/** Everything that decides a trajectory besides the task and the epoch. */
export interface RunIdentity {
  policy: string
  seed: number
  actionFormat: string
  sampling: Sampling
  limits: Limits
  tools: readonly string[]
}

export function runHash(identity: RunIdentity): string {
  return contentHash(identity)
}

export function trajectoryId(what: {
  benchmark: string
  split: string
  taskId: string
  epoch: number
  runHash: string
}): string {
  return contentHash(what)
}

/** Hash of a context that grows by messages: each is hashed once. */
export function extendContext(context: string, messages: readonly Message[]): string {
  return contentHash([context, messages])
}

export function responseId(
  trajectory: string,
  step: number,
  request: { context: string; tools: readonly FunctionTool[]; maxOutputTokens: number; seed: number },
): string {
  return contentHash([trajectory, step, request])
}
