/**
 * How many conversations are decoded together by default. Invariant: it follows from the model, the backend and the machine's
 * memory, not from what is free at the moment: who repeats a run decodes the same batches.
 */
import type { BackendName, TransformerConfig } from "@swirl-ts/transformer"
import { totalMemory } from "./free-memory.ts"

const mostRows = 128
const leastRows = 4
/** Tokens of its own that a conversation is taken to have, at most: on native, what several begin with is held once. */
const usualTokens = (backend: BackendName | undefined): number => (backend === "native" ? 512 : 1024)

/** Keys and values (f32) of one conversation. */
const rowBytes = (
  { layers, keyValueHeads, headSize, maxPositions }: TransformerConfig,
  backend: BackendName | undefined,
): number => 2 * 4 * layers * keyValueHeads * headSize * Math.min(maxPositions, usualTokens(backend))

/** 512 MiB; on the native backend an eighth of the machine where that is more, to 4 GiB: many rows take little longer than few. */
const cacheBytes = (backend: BackendName | undefined, total: number): number =>
  backend === "native" ? Math.min(4 * 2 ** 30, Math.max(2 ** 29, total / 8)) : 2 ** 29

/** Rows whose keys and values fit into the bound. */
export const decodedRows = (
  config: TransformerConfig,
  backend: BackendName | undefined,
  total = totalMemory(),
): number => Math.min(mostRows, Math.max(leastRows, Math.floor(cacheBytes(backend, total) / rowBytes(config, backend))))

/** Keys and values that a batch may grow to: rows may have more tokens than usual. */
export const mostKeyValueBytes = (config: TransformerConfig, backend: BackendName | undefined): number =>
  Math.max(cacheBytes(backend, totalMemory()), batchBytes(config, backend))

/** Keys and values of a batch that is full of rows as long as usual. */
const batchBytes = (config: TransformerConfig, backend: BackendName | undefined): number =>
  decodedRows(config, backend) * rowBytes(config, backend)

/** Of conversations that ended, for those that go on from them. */
export const prefixCacheBytes = (config: TransformerConfig, backend: BackendName | undefined): number =>
  Math.max(2 ** 28, batchBytes(config, backend) / 2)

/** Of a loop that is full, with what it keeps of conversations that ended. */
export const keyValueBytes = (config: TransformerConfig, backend: BackendName | undefined): number =>
  1.5 * batchBytes(config, backend)
