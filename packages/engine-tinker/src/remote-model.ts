/**
 * One adapter on the server, by the calls that it takes: passes, steps, saved states. Invariant: a session's heart beats as long as
 * it is used; what is saved has a name that no other training has.
 */
import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import { SwirlError } from "@swirl-ts/core"
import { isUsedPath } from "./problems.ts"
import type { TinkerClient } from "./tinker-client.ts"
import {
  AnySchema,
  CheckpointsSchema,
  CreatedModelSchema,
  type Datum,
  type LossRequest,
  ModelRequestSchema,
  PassSchema,
  RequestSchema,
  SavedSchema,
  SessionSchema,
  StepSchema,
} from "./wire.ts"

/** As Adam's parameters are called there. */
export interface ServerAdam {
  learning_rate: number
  beta1: number
  beta2: number
  eps: number
  weight_decay: number
}

export interface RemoteModel {
  readonly id: string
  /** Of LoRA, where the server says. */
  readonly alpha: number | undefined
  /** log π of all targets, a row; changes nothing. */
  forward(data: readonly Datum[], loss: LossRequest): Promise<number[][]>
  /** The same, and adds to the gradients: sent once. */
  forwardBackward(data: readonly Datum[], loss: LossRequest): Promise<number[][]>
  /** Steps on the gradients and clears them: sent once. The norm of the gradients. */
  step(adam: ServerAdam): Promise<number>
  /** Weights and moments under a new name; gives its `tinker://` path. */
  save(): Promise<string>
  /** Gradients that are summed up stay. */
  load(path: string): Promise<void>
  /** Weights to sample with and to fetch. */
  saveForSampler(): Promise<string>
  /** Lets the session's heart stop. */
  close(): void
}

const heartbeatMilliseconds = 30_000

export interface RemoteModelOptions {
  baseModel: string
  rank: number
  seed: number
}

/** Opens a session and creates an adapter in it. */
export async function createRemoteModel(
  client: TinkerClient,
  { baseModel, rank, seed }: RemoteModelOptions,
): Promise<RemoteModel> {
  const { session_id, error_message } = await client.ask(
    "/create_session",
    { tags: ["swirl-ts"], sdk_version: "swirl-ts", user_metadata: {} },
    SessionSchema,
  )
  if (error_message) throw new SwirlError(`${client.url} opened no session: ${error_message}`)
  const { model_id: id, request_id } = await client.ask(
    "/create_model",
    { session_id, base_model: baseModel, lora_config: { rank, seed } },
    ModelRequestSchema,
  )
  const created = await client.wait(request_id, "create_model", CreatedModelSchema)
  if (created.base_model !== undefined && created.base_model !== baseModel)
    throw new SwirlError(
      `${client.url} was asked for ${baseModel} and trains ${created.base_model}. Name that one: --engine-option baseModel=${created.base_model}`,
      { kind: "usage" },
    )
  return remoteModel(client, { id, sessionId: session_id, alpha: created.lora_config?.alpha })
}

function remoteModel(
  client: TinkerClient,
  { id, sessionId, alpha }: { id: string; sessionId: string; alpha: number | undefined },
): RemoteModel {
  const heart = setInterval(() => {
    // What it does not hear of, the next call does.
    client.ask("/session_heartbeat", { session_id: sessionId }, AnySchema, { attempts: 1 }).catch(() => {})
  }, heartbeatMilliseconds)
  heart.unref()
  const body = { model_id: id }
  const outputs = async (requestId: string, what: string, count: number): Promise<number[][]> => {
    const { loss_fn_outputs } = await client.wait(requestId, what, PassSchema)
    if (loss_fn_outputs.length !== count)
      throw new SwirlError(`${client.url} gave ${loss_fn_outputs.length} outputs for ${count} rows.`)
    return loss_fn_outputs.map(({ logprobs }) => logprobs.data)
  }
  /** Asked for again it answers that the name is used: then what was asked for first is on its way. */
  const saved = async (path: string, kind: "weights" | "sampler_weights"): Promise<string> => {
    const name = `swirl-${randomUUID()}`
    const full = `tinker://${id}/${kind}/${name}`
    try {
      const { request_id } = await client.ask(path, { ...body, path: name }, RequestSchema)
      return (await client.wait(request_id, path, SavedSchema)).path
    } catch (error) {
      if (!isUsedPath(error)) throw error
      await whenListed(client, id, full)
      return full
    }
  }

  return {
    id,
    alpha,
    forward: (data, loss) =>
      client.turn(async () => {
        const input = { ...body, forward_input: { data, ...loss } }
        const { request_id } = await client.ask("/forward", input, RequestSchema)
        return outputs(request_id, "forward", data.length)
      }),
    forwardBackward: (data, loss) =>
      client.turn(async () => {
        const input = { ...body, forward_backward_input: { data, ...loss } }
        return outputs(await client.tell("/forward_backward", input), "forward_backward", data.length)
      }),
    step: async (adam) => {
      const request = await client.tell("/optim_step", { ...body, adam_params: adam })
      const { metrics } = await client.wait(request, "optim_step", StepSchema)
      const [, norm] = Object.entries(metrics ?? {}).find(([name]) => /(^|[^a-z])grad(ient)?_norm$/.test(name)) ?? []
      if (norm === undefined)
        throw new SwirlError(
          `${client.url} tells no gradient norm of a step, so neither clipping nor the normalisation of its loss can be relied on. It gave: ${Object.keys(metrics ?? {}).join(", ") || "nothing"}.`,
        )
      return norm ?? Number.NaN
    },
    save: () => saved("/save_weights", "weights"),
    load: async (path) => {
      const { request_id } = await client.ask("/load_weights", { ...body, path }, RequestSchema)
      await client.wait(request_id, "load_weights", AnySchema)
    },
    saveForSampler: () => saved("/save_weights_for_sampler", "sampler_weights"),
    close: () => clearInterval(heart),
  }
}

/** Ten minutes: what is being saved for longer is not coming. */
const listedAttempts = 600

async function whenListed(client: TinkerClient, id: string, path: string): Promise<void> {
  for (let attempt = 0; attempt < listedAttempts; attempt++) {
    const { checkpoints } = await client.get(`/training_runs/${id}/checkpoints`, CheckpointsSchema)
    if (checkpoints.some(({ tinker_path }) => tinker_path === path)) return
    await setTimeout(1000)
  }
  throw new SwirlError(`${client.url} took ${path} to be saved and never finished it. Is its disk full?`)
}
