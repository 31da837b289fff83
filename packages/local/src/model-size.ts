/**
 * What a model needs before any of it is loaded: a machine that is too small says so in a sentence, and is not killed for
 * memory minutes later. SWIRL_ALLOW_LARGE=1 goes on all the same.
 */
import { type Host, SwirlError } from "@swirl-ts/core"
import { peersDirectory } from "@swirl-ts/kit"
import {
  type BackendName,
  backendStatus,
  countParameters,
  type Precision,
  prefillBytes,
  type TransformerConfig,
  tokenBudgetOf,
  traceBytes,
} from "@swirl-ts/transformer"
import { keyValueBytes } from "./decoded-rows.ts"
import { freeMemory } from "./free-memory.ts"

/**
 * What a process holds for each byte of its tensors. TensorFlow's allocator keeps what it had: a batch that grows and shrinks
 * leaves gaps. Measured on a 1.5 B model: docs/decisions/2026-11-30-what-a-batch-holds.md.
 */
const held = { native: 2, wasm: 1, cpu: 1 } satisfies Record<BackendName, number>

/** Above it, wasm takes minutes for what the native backend does in seconds. */
const mostOnWasm = 50e6

export interface MemoryNeed {
  parameters: number
  weights: number
  /** Beside the weights, of a training: the initial policy, gradients and two moments. */
  training: number
  /** Of the prompts that are fed at once; in training of one micro-batch, what its gradient needs of every layer. */
  activations: number
  /** Of as many conversations as are decoded together, and of those that are remembered. */
  keysAndValues: number
  total: number
}

export interface MemoryQuestion {
  use: "sample" | "train"
  backend: BackendName
  /** How the weights are held: bf16 takes half. */
  precision?: Precision
  /** Nothing but an adapter is trained. */
  adapter?: boolean
}

export function memoryNeed(
  config: TransformerConfig,
  { use, backend, precision, adapter }: MemoryQuestion,
): MemoryNeed {
  const parameters = countParameters(config)
  const weights = (precision === "bf16" ? 2 : 4) * parameters
  const training = use === "train" && !adapter ? 4 * weights : 0
  const ofBatch = use === "train" ? tokenBudgetOf(config) * traceBytes(config) : 0
  const activations = held[backend] * Math.max(ofBatch, prefillBytes(config))
  const keysAndValues = held[backend] * keyValueBytes(config, backend)
  const total = weights + training + activations + keysAndValues
  return { parameters, weights, training, activations, keysAndValues, total }
}

export interface SizeQuestion extends MemoryQuestion {
  /** What is opened, for messages. */
  directory: string
  config: TransformerConfig
  free?: number
}

/** Throws a usage error where the model is too large for wasm, or for the memory that is free. */
export function checkModelSize(
  { directory, config, free = freeMemory(), ...question }: SizeQuestion,
  host: Host,
): void {
  if (host.environment.SWIRL_ALLOW_LARGE === "1") return
  const { backend, precision = "f32" } = question
  const { parameters, weights, training, activations, keysAndValues, total } = memoryNeed(config, question)
  const insist = "To go on all the same, set SWIRL_ALLOW_LARGE=1."
  if (backend !== "native" && parameters > mostOnWasm) {
    const { installed } = backendStatus({ peersDirectory: peersDirectory(host) }).native
    const remedy = installed
      ? "The native one is installed: --backend native"
      : "Install the native one with: swirl backend install"
    throw new SwirlError(
      `${directory} has ${Math.round(parameters / 1e6)} million parameters; the ${backend} backend is for ${mostOnWasm / 1e6} million at most. ${insist} ${remedy}`,
      { kind: "usage" },
    )
  }
  if (total <= free) return
  const parts = [
    `${gibibytes(weights)} of weights (${precision})`,
    ...(training > 0 ? [`${gibibytes(training)} for the initial policy, gradients and moments`] : []),
    `${gibibytes(activations)} of activations`,
    `${gibibytes(keysAndValues)} of keys and values`,
  ]
  throw new SwirlError(
    `${directory} needs ${gibibytes(total)} of memory (${parts.join(", ")}); ${gibibytes(free)} are free. Nothing was loaded. ${insist}`,
    { kind: "usage" },
  )
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`
