/**
 * How fast the rotary positions of a layer turn, and how config.json says it: `rope_theta` beside `rope_scaling` in
 * version 4 of transformers, `rope_parameters` in version 5. Both are read, and both are written.
 */
import { type ConfigFields, createFields, type Json } from "./config-fields.ts"

/** `linear` divides every frequency by `factor`; `llama3` only the slow ones, with a smooth step between two wavelengths. */
export type RopeScaling =
  | { type: "linear"; factor: number }
  | {
      type: "llama3"
      factor: number
      lowFrequencyFactor: number
      highFrequencyFactor: number
      originalMaxPositions: number
    }

export interface Rope {
  theta: number
  scaling?: RopeScaling
}

/** The angle of one position, for each pair of numbers in a head. */
export function ropeFrequencies({ theta, scaling }: Rope, headSize: number): number[] {
  const plain = Array.from({ length: headSize / 2 }, (_, i) => theta ** ((-2 * i) / headSize))
  if (scaling === undefined) return plain
  const { factor } = scaling
  if (scaling.type === "linear") return plain.map((frequency) => frequency / factor)
  const { lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions } = scaling
  return plain.map((frequency) => {
    const turns = (originalMaxPositions * frequency) / (2 * Math.PI)
    if (turns < low) return frequency / factor
    if (turns > high) return frequency
    const share = (turns - low) / (high - low)
    return ((1 - share) * frequency) / factor + share * frequency
  })
}

const objectOf = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {})

/** The rope of a model whose layers all have the same. */
export function readRope(fields: ConfigFields, defaultTheta = 10_000): Rope {
  const { rope_parameters, rope_scaling, original_max_position_embeddings: original } = fields.source
  const parameters = objectOf(rope_parameters)
  if (parameters.full_attention !== undefined || parameters.sliding_attention !== undefined)
    fields.refuse("rope_parameters by the type of the layer are not supported in this family")
  const scaling = objectOf(rope_scaling)
  const chosen = Object.keys(scaling).length > 0 ? scaling : parameters
  // As transformers: beside a scaling, the field of the config goes before that of the scaling.
  return ropeOf(
    fields,
    { ...chosen, ...(original ? { original_max_position_embeddings: original } : {}) },
    defaultTheta,
  )
}

/** The ropes of full and of sliding layers, each with its own base: `rope_local_base_freq`, or `rope_parameters` by type. */
export function readRopesByLayer(fields: ConfigFields, full: number, sliding: number): { full: Rope; sliding: Rope } {
  const { rope_parameters, rope_scaling, rope_local_base_freq } = fields.source
  const { type, rope_type } = objectOf(rope_scaling)
  if (type !== undefined && rope_type === undefined)
    fields.refuse("rope_scaling has a type, but no rope_type, which transformers does not read in this family")
  const parameters = objectOf(rope_parameters)
  const local = objectOf(parameters.sliding_attention)
  const base = local.rope_theta ?? rope_local_base_freq ?? sliding
  return {
    full: ropeOf(fields, { ...objectOf(parameters.full_attention), ...objectOf(rope_scaling) }, full),
    sliding: ropeOf(fields, { ...local, rope_theta: base }, sliding),
  }
}

function ropeOf(fields: ConfigFields, parameters: Json, defaultTheta: number): Rope {
  const { source } = fields
  const type = parameters.rope_type ?? parameters.type ?? "default"
  if (Number(parameters.partial_rotary_factor ?? source.partial_rotary_factor ?? 1) !== 1)
    fields.refuse("partial_rotary_factor is not supported")
  const each = createFields(parameters, `rope scaling ${JSON.stringify(type)}`)
  const number = (name: string, fallback?: unknown): number => {
    const value = parameters[name] ?? fallback
    if (typeof value === "number" && value > 0) return value
    return fields.refuse(`rope scaling ${JSON.stringify(type)} needs a positive ${name}, got ${JSON.stringify(value)}`)
  }
  const theta = each.positive("rope_theta", fields.optional("rope_theta") ?? defaultTheta)
  if (type === "default") return { theta }
  if (type === "linear") return { theta, scaling: { type, factor: number("factor") } }
  if (type !== "llama3") return fields.refuse(`rope scaling ${JSON.stringify(type)} is not supported`)
  return {
    theta,
    scaling: {
      type,
      factor: number("factor"),
      lowFrequencyFactor: number("low_freq_factor"),
      highFrequencyFactor: number("high_freq_factor"),
      originalMaxPositions: number("original_max_position_embeddings", source.max_position_embeddings),
    },
  }
}

/** `rope_parameters` of one rope. */
export const writeParameters = ({ theta, scaling }: Rope): Json => ({ rope_theta: theta, ...writeScaling(scaling) })

function writeScaling(scaling: RopeScaling | undefined): Json {
  if (scaling === undefined) return { rope_type: "default" }
  if (scaling.type === "linear") return { rope_type: "linear", factor: scaling.factor }
  return {
    rope_type: "llama3",
    factor: scaling.factor,
    low_freq_factor: scaling.lowFrequencyFactor,
    high_freq_factor: scaling.highFrequencyFactor,
    original_max_position_embeddings: scaling.originalMaxPositions,
  }
}

/** The fields of version 4 beside those of version 5. */
export const writeRope = (rope: Rope, parameters: Json = writeParameters(rope)): Json => ({
  rope_theta: rope.theta,
  ...(rope.scaling === undefined ? {} : { rope_scaling: writeScaling(rope.scaling) }),
  rope_parameters: parameters,
})
