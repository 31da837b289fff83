/**
 * A Tinker server as SkyRL 0.3.0 is one, traps included, over the smallest policy that has a gradient: the next token by the one
 * before it, a fixed table of logits as the base and a table that is trained on top as the adapter. Its answers are shaped as the
 * recorded ones (`test/recorded.test.ts` compares). What it does silently: a request sent twice counts twice, whatever its seq_id; a
 * loss is divided by a row's weights and by the rows; what is summed up stays when a model goes; sampling from older weights puts
 * them into the training; lengths and missing advantages are not looked at.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import { random, seedFrom } from "@swirl-ts/core"
import { serve } from "@swirl-ts/test-support"
import { createTar } from "nanotar"

export const vocabularySize = 12
export const baseName = "/models/tiny"

interface Chunked {
  chunks: { tokens: number[] }[]
}
interface Row {
  model_input: Chunked
  loss_fn_inputs: Record<string, { data: number[] } | undefined>
}
interface Adapter {
  slot: number
  table: Float64Array
  first: Float64Array
  second: Float64Array
  steps: number
  sampled?: string
}
interface Body {
  [name: string]: unknown
  model_id: string
  session_id: string
  request_id: string
  base_model: string
  model_path: string
  path: string
  lora_config: { rank: number }
  adam_params: Record<"learning_rate" | "beta1" | "beta2" | "eps" | "weight_decay", number>
  prompt: Chunked
  prompt_logprobs?: boolean
  num_samples: number
  sampling_params: { max_tokens: number; temperature: number; seed: number; stop?: number[] }
}
interface Pass {
  data: Row[]
  loss_fn: string
  loss_fn_config?: Record<string, number>
}

/** What a test asks it to do wrong. */
export interface Accident {
  /** Of the calls that come. */
  path: string
  /** Which of them, from 1. */
  at: number
  /** `cut-after`: done, and the answer is cut; `cut-before`: not done; `lost`: the models are forgotten first; `spoilt`: not a number. */
  what: "cut-after" | "cut-before" | "lost" | "spoilt" | { status: number; body: unknown }
}

export interface FakeOptions {
  normalisation?: "sequence-mean" | "sum"
  slots?: number
  alpha?: number
  accidents?: Accident[]
  /** How often a future is not there yet. */
  pending?: number
  models?: string[]
}

const refusal = (status: number, detail: unknown) => Object.assign(new Error(String(detail)), { status, detail })
const size = vocabularySize ** 2

export async function fakeServer(options: FakeOptions = {}) {
  const { normalisation = "sequence-mean", slots = 3, alpha = 32, accidents = [], pending = 0 } = options
  const { models: supported = [baseName] } = options
  const base = Float64Array.from({ length: size }, (_, index) => 2 * random(seedFrom(3, index)).next() - 1)
  const sessions = new Set<string>()
  const models = new Map<string, Adapter>()
  /** Every id that was ever given: the database outlives the engine. */
  const known = new Set<string>()
  const checkpoints = new Map<string, Omit<Adapter, "slot" | "sampled">>()
  const sums = Array.from({ length: slots + 1 }, () => ({ gradient: new Float64Array(size), rows: 0 }))
  const futures = new Map<string, { polls: number; result?: unknown; error?: { status: number; detail: unknown } }>()
  const seen: { path: string; body: Body; headers: IncomingMessage["headers"]; bytes: number }[] = []
  const counts = new Map<string, number>()
  let spoil = false
  let isStalled = false
  let downUntil = 0

  const logSoftmax = (previous: number, adapter?: Adapter): Float64Array => {
    const row = base
      .slice(previous * vocabularySize, (previous + 1) * vocabularySize)
      .map((value, id) => value + (adapter?.table[previous * vocabularySize + id] ?? 0))
    const most = Math.max(...row)
    const total = Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0)) + most
    return row.map((value) => value - total)
  }
  const later = (work: () => unknown): { request_id: string; future_id: string; status: string } => {
    const id = String(futures.size + 1)
    const future: { polls: number; result?: unknown; error?: { status: number; detail: unknown } } = { polls: pending }
    futures.set(id, future)
    try {
      future.result = work()
    } catch (error) {
      const { status = 500, detail = "Internal Server Error" } = error as { status?: number; detail?: unknown }
      future.error = { status, detail }
    }
    return { request_id: id, future_id: id, status: "pending" }
  }
  const modelOf = (id: string): Adapter => {
    const model = models.get(id)
    if (!model) throw refusal(400, `Model ${id} not loaded`)
    return model
  }
  const mustKnow = (id: string): void => {
    if (!known.has(id)) throw refusal(404, "Model not found")
  }
  const copy = ({ table, first, second, steps }: Omit<Adapter, "slot">) => ({
    table: table.slice(),
    first: first.slice(),
    second: second.slice(),
    steps,
  })

  function pass(model: Adapter, { data, loss_fn, loss_fn_config = {} }: Pass, backward: boolean): unknown {
    // Without rows it is never worked on: see the future.
    if (data.length === 0) return undefined
    const sum = sums[model.slot]!
    const outputs = data.map(({ model_input, loss_fn_inputs }) => {
      const tokens = model_input.chunks.flatMap((chunk) => chunk.tokens)
      const targets = loss_fn_inputs.target_tokens!.data
      const at = (name: string, index: number): number => loss_fn_inputs[name]?.data[index] ?? 0
      const weights = loss_fn_inputs.weights?.data ?? targets.map(() => 1)
      const divisor =
        normalisation === "sum"
          ? 1
          : Math.max(
              1e-9,
              weights.reduce((total, weight) => total + weight, 0),
            )
      const logprobs: number[] = []
      const losses: number[] = []
      tokens.forEach((previous, index) => {
        const all = logSoftmax(previous, model)
        const value = all[targets[index]!] ?? Number.NaN
        const ratio = Math.exp(value - at("logprobs", index))
        const { clip_low_threshold: low = 0.8, clip_high_threshold: high = 1.2 } = loss_fn_config
        // d loss / d log π
        const slope: Record<string, number> = {
          cross_entropy: -1,
          importance_sampling: -ratio * at("advantages", index),
          cispo: -Math.min(high, Math.max(low, ratio)) * at("advantages", index),
        }
        const weight = weights[index] ?? 0
        const own = weight === 0 ? 0 : weight * slope[loss_fn]!
        logprobs.push(value)
        losses.push(weight === 0 ? 0 : loss_fn === "importance_sampling" ? own : own * value)
        if (!backward || own === 0) return
        all.forEach((log, id) => {
          const direction = (id === targets[index] ? 1 : 0) - Math.exp(log)
          sum.gradient[previous * vocabularySize + id]! += (own * direction) / divisor
        })
      })
      return { elementwise_loss: tensor(losses), logprobs: tensor(logprobs) }
    })
    if (backward) {
      sum.rows += data.length
      if (spoil) sum.gradient[0] = Number.NaN
      spoil = false
    }
    if (outputs.some(({ logprobs }) => logprobs.data.some(Number.isNaN))) throw new Error("NaN")
    return { loss_fn_output_type: "scalar", loss_fn_outputs: outputs, metrics: {} }
  }

  function step(model: Adapter, adam: Body["adam_params"]): unknown {
    const sum = sums[model.slot]!
    const divisor = normalisation === "sum" ? 1 : Math.max(1, sum.rows)
    const gradient = sum.gradient.map((value) => value / divisor)
    sums[model.slot] = { gradient: new Float64Array(size), rows: 0 }
    model.steps++
    gradient.forEach((value, index) => {
      model.first[index] = adam.beta1 * model.first[index]! + (1 - adam.beta1) * value
      model.second[index] = adam.beta2 * model.second[index]! + (1 - adam.beta2) * value ** 2
      const mean = model.first[index]! / (1 - adam.beta1 ** model.steps)
      const spread = Math.sqrt(model.second[index]! / (1 - adam.beta2 ** model.steps))
      model.table[index]! -= adam.learning_rate * (mean / (spread + adam.eps) + adam.weight_decay * model.table[index]!)
    })
    const norm = Math.sqrt(gradient.reduce((total, value) => total + value ** 2, 0))
    if (Number.isNaN(norm)) throw new Error("NaN")
    return { metrics: { "skyrl.ai/grad_norm": norm, "skyrl.ai/learning_rate": adam.learning_rate } }
  }

  function sample({ prompt, num_samples, sampling_params, prompt_logprobs }: Body, adapter?: Adapter): unknown {
    const tokens = prompt.chunks.flatMap((chunk) => chunk.tokens)
    const { max_tokens, temperature, seed, stop = [] } = sampling_params
    const sequences = Array.from({ length: num_samples }, (_, index) => {
      const source = random(seed + index)
      const sampled: number[] = []
      const logprobs: number[] = []
      while (sampled.length < max_tokens && !stop.includes(sampled.at(-1)!)) {
        const all = logSoftmax(sampled.at(-1) ?? tokens.at(-1)!, adapter)
        const weights = all.map((log) => Math.exp(temperature === 0 ? log : log / temperature))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        let rest = source.next() * total
        const drawn = weights.findIndex((weight) => {
          rest -= weight
          return rest < 0
        })
        const id = temperature === 0 ? all.indexOf(Math.max(...all)) : drawn
        sampled.push(id)
        logprobs.push(all[id]!)
      }
      return { stop_reason: stop.includes(sampled.at(-1)!) ? "stop" : "length", tokens: sampled, logprobs }
    })
    const scores = tokens.slice(1).map((id, index) => logSoftmax(tokens[index]!, adapter)[id]!)
    return { sequences, prompt_logprobs: prompt_logprobs ? scores : null }
  }

  const save = (kind: "weights" | "sampler_weights", { model_id, path }: Body, shown: string) => {
    mustKnow(model_id)
    const full = `tinker://${model_id}/${kind}/${path}`
    if (checkpoints.has(full)) throw refusal(409, `Checkpoint '${path}' already exists for model '${model_id}'`)
    return later(() => {
      checkpoints.set(full, copy(modelOf(model_id)))
      if (kind === "weights") return { path: shown, type: "save_weights" }
      return { path: shown, type: "save_weights_for_sampler", sampling_session_id: null }
    })
  }

  const routes: Record<string, (body: Body) => unknown> = {
    create_session: () => {
      const session_id = `session_${sessions.size + 1}`
      sessions.add(session_id)
      return { type: "create_session", info_message: null, warning_message: null, error_message: null, session_id }
    },
    session_heartbeat: ({ session_id }) => {
      if (!sessions.has(session_id)) throw refusal(404, "Session not found")
      return { type: "session_heartbeat" }
    },
    create_model: ({ session_id, base_model, lora_config }) => {
      if (!sessions.has(session_id)) throw refusal(404, "Session not found")
      const model_id = `model_${known.size + 1}`
      known.add(model_id)
      const { request_id } = later(() => {
        const used = [...models.values()].map(({ slot }) => slot)
        const slot = Array.from({ length: slots }, (_, index) => index + 1).find((index) => !used.includes(index))
        if (slot === undefined) throw refusal(400, `Maximum number of LoRA adapters (${slots + 1}) reached`)
        if (lora_config.rank < 1 || lora_config.rank > 8)
          throw refusal(400, `LoRA rank ${lora_config.rank} must be between 1 and 8`)
        const zeros = () => new Float64Array(size)
        models.set(model_id, { slot, table: zeros(), first: zeros(), second: zeros(), steps: 0 })
        // Whatever base was asked for.
        const config = { ...lora_config, alpha, train_attn: true, train_mlp: true, train_unembed: false }
        return { model_id, base_model: supported[0], lora_config: config }
      })
      return { model_id, base_model, lora_config: { seed: null, ...lora_config }, status: "created", request_id }
    },
    unload_model: ({ model_id }) => {
      mustKnow(model_id)
      const { request_id } = later(() => {
        models.delete(model_id)
        return { model_id, status: "unloaded", type: "unload_model" }
      })
      return { request_id, model_id }
    },
    forward: ({ model_id, forward_input }) => {
      mustKnow(model_id)
      return later(() => pass(modelOf(model_id), forward_input as Pass, false))
    },
    forward_backward: ({ model_id, forward_backward_input }) => {
      mustKnow(model_id)
      return later(() => pass(modelOf(model_id), forward_backward_input as Pass, true))
    },
    optim_step: ({ model_id, adam_params }) => {
      mustKnow(model_id)
      return later(() => step(modelOf(model_id), adam_params))
    },
    save_weights: (body) => save("weights", body, `tinker://${body.model_id}/weights/${body.path}`),
    save_weights_for_sampler: (body) => save("sampler_weights", body, `tinker://${body.model_id}/${body.path}`),
    load_weights: ({ model_id, path }) => {
      mustKnow(model_id)
      const saved = checkpoints.get(path)
      if (!saved) throw refusal(404, `Checkpoint not found: ${path.replace("tinker://", "").replace("weights/", "")}`)
      return later(() => {
        Object.assign(modelOf(model_id), copy(saved))
        return { type: "load_weights" }
      })
    },
    asample: (body) => {
      const [model = "", name] = (body.model_path ?? "").replace("tinker://", "").split("/")
      const saved = checkpoints.get(`tinker://${model}/sampler_weights/${name}`)
      if (body.model_path !== undefined && !saved) throw refusal(404, `Checkpoint not found: ${model}/${name}`)
      return later(() => {
        if (!saved) return sample(body)
        const adapter = modelOf(model)
        // Older weights are put into the training, and newer ones under a name that is loaded already are sampled from.
        if (adapter.sampled !== name) Object.assign(adapter, { table: saved.table.slice(), sampled: name })
        return sample(body, adapter)
      })
    },
    retrieve_future: ({ request_id }) => {
      const future = futures.get(request_id)
      if (!future) throw refusal(404, "Future not found")
      if (future.error) throw refusal(future.error.status, future.error.detail)
      if (future.result === undefined || future.polls-- > 0) throw refusal(408, "Timeout waiting for result")
      return future.result
    },
  }

  const forget = (): void => {
    models.clear()
    for (const slot of sums.keys()) sums[slot] = { gradient: new Float64Array(size), rows: 0 }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (Date.now() < downUntil) return void request.socket.destroy()
    const path = request.url!.replace("/api/v1/", "")
    let text = ""
    for await (const piece of request.setEncoding("utf8")) text += piece
    const body = text === "" ? ({} as Body) : (JSON.parse(text) as Body)
    seen.push({ path, body, headers: request.headers, bytes: text.length })
    const at = (counts.get(path) ?? 0) + 1
    counts.set(path, at)
    if (isStalled && path === "retrieve_future") return
    const what = accidents.find((accident) => accident.path === path && accident.at === at)?.what
    if (what === "cut-before") return void request.socket.destroy()
    if (what === "lost") forget()
    if (what === "spoilt") spoil = true
    const reply = (status: number, value: unknown): void => {
      if (what === "cut-after") return void request.socket.destroy()
      response.writeHead(status, { "content-type": status === 500 ? "text/plain" : "application/json" })
      response.end(status === 500 ? "Internal Server Error" : JSON.stringify(value))
    }
    if (typeof what === "object") return reply(what.status, what.body)
    try {
      if (path === "healthz") return reply(200, { status: "ok" })
      if (path === "get_server_capabilities")
        return reply(200, { supported_models: supported.map((model_name) => ({ model_name })) })
      const [, run, , file] = /^training_runs\/(\w+)\/checkpoints(?:\/([\w-]+)\/(\w+))?$/.exec(path) ?? []
      if (file === "download") return void response.end(archive())
      if (file === "archive")
        return void response.writeHead(302, { location: request.url!.replace(/\w+$/, "download") }).end()
      if (run !== undefined) {
        const own = [...checkpoints.keys()].filter((full) => full.startsWith(`tinker://${run}/`))
        return reply(200, { checkpoints: own.map((tinker_path) => ({ tinker_path })) })
      }
      const route = routes[path]
      if (!route) throw refusal(404, "Not Found")
      reply(200, route(body))
    } catch (error) {
      const { status = 500, detail } = error as { status?: number; detail?: unknown }
      reply(status, { detail })
    }
  }

  const server = await serve(answer)
  return {
    ...server,
    seen,
    models,
    /** The engine behind it was started again: models are gone, checkpoints and the database stay. */
    forget,
    /** As behind a proxy that stands: every connection is cut for so long, then the engine is another. */
    down: (milliseconds: number) => {
      forget()
      downUntil = Date.now() + milliseconds
    },
    /** No future comes any more, and no answer that says so. */
    stall: () => {
      isStalled = true
    },
    /** And these as well. */
    wipe: () => {
      forget()
      known.clear()
      sessions.clear()
      checkpoints.clear()
      futures.clear()
    },
    of: (path: string) => seen.filter((request) => request.path === path),
  }
}

const tensor = (data: number[]) => ({ data, dtype: "float32", shape: [data.length] })

/** An adapter as peft writes it, of one weight. */
function archive(): Buffer {
  const name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
  const header = Buffer.from(JSON.stringify({ [name]: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] } }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const weights = Buffer.concat([length, header, Buffer.from(new Float32Array([0.5, -2]).buffer)])
  const config = { peft_type: "LORA", base_model_name_or_path: baseName, r: 4, lora_alpha: 32, target_modules: null }
  const tar = createTar([
    { name: "./adapter_model.safetensors", data: new Uint8Array(weights) },
    { name: "./adapter_config.json", data: JSON.stringify(config) },
  ])
  return gzipSync(tar)
}
