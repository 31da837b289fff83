/**
 * The one decode loop: concurrent calls queue, join the batch at the next step, leave when done. The transformer's
 * decoder is stepped once a turn of the event loop, so that whoever got a result can ask again before the next step.
 * Invariant: what a call gets depends on its prompt, seed and settings, not on who runs beside it.
 */
import { SwirlError, type TokenRequest } from "@swirl-ts/core"
import {
  backendStatus,
  createDecoder,
  createPrefixCache,
  type GeneratedSequence,
  type TransformerModel,
} from "@swirl-ts/transformer"
import { decodedRows, mostKeyValueBytes, prefixCacheBytes } from "./decoded-rows.ts"

export interface DecodeRequest extends Omit<TokenRequest, "stopSequences" | "promptTokenIds"> {
  promptTokenIds: readonly number[]
  /** As the decoder's. */
  isEnd?(tokenIds: readonly number[]): boolean
}

export interface DecodeLoopOptions {
  /** Ids that end a turn, sampled like any other. */
  stopTokenIds: readonly number[]
  /** Rows decoded together; more calls wait. Default: what the machine's memory is enough for, from 4 to 128. */
  maxRows?: number
  /** Of their keys and values; the newest calls wait again where those of the batch grow beyond. Default: by the machine's memory. */
  maxBytes?: number
  /** Bound of the prefix cache; 0: none. Default 256 MiB, or half of what the rows may take where that is more. */
  prefixCacheBytes?: number
}

export interface DecodeLoop {
  readonly maxRows: number
  generate(request: DecodeRequest): Promise<GeneratedSequence>
  /** Resolves when nothing waits or runs: only then may the weights change. */
  whenIdle(): Promise<void>
  /** Forgets what was computed under other weights. Call after every change, while idle. */
  weightsChanged(): void
  /** Calls that still wait or run are rejected. */
  dispose(): void
}

interface Call {
  resolve(generation: GeneratedSequence): void
  reject(error: unknown): void
}

export function createDecodeLoop(model: TransformerModel, options: DecodeLoopOptions): DecodeLoop {
  const { active } = backendStatus()
  const {
    stopTokenIds,
    maxRows = decodedRows(model.config, active),
    maxBytes = mostKeyValueBytes(model.config, active),
    prefixCacheBytes: cacheBytes = prefixCacheBytes(model.config, active),
  } = options
  const prefixCache = cacheBytes > 0 ? createPrefixCache(model.config, { maxBytes: cacheBytes }) : undefined
  const createOne = () => createDecoder(model, { stopTokenIds, maxRows, maxBytes, prefixCache })
  const calls = new Map<number, Call>()
  const idlers: (() => void)[] = []
  let decoder = createOne()
  let scheduled = false
  let disposed = false

  const settle = (id: number, how: (call: Call) => void): void => {
    const call = calls.get(id)
    calls.delete(id)
    if (call) how(call)
  }

  const failAll = (error: unknown): void => {
    decoder.dispose()
    decoder = createOne()
    for (const id of [...calls.keys()]) settle(id, (call) => call.reject(error))
  }

  const step = (): void => {
    scheduled = false
    if (disposed) return
    try {
      for (const { id, generation } of decoder.step()) settle(id, (call) => call.resolve(generation))
    } catch (error) {
      failAll(error)
    }
    if (decoder.pending > 0) schedule()
    else for (const resolve of idlers.splice(0)) resolve()
  }

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(step)
  }

  return {
    maxRows,
    generate: (request) =>
      new Promise<GeneratedSequence>((resolve, reject) => {
        if (disposed) throw new SwirlError("The model was closed; open it again to generate.")
        const { abortSignal, promptTokenIds, ...settings } = request
        abortSignal?.throwIfAborted()
        checkIds(promptTokenIds, model.config.vocabularySize)
        const id = decoder.add({ ...settings, promptTokenIds })
        const abort = (): void => {
          decoder.cancel(id)
          settle(id, (call) => call.reject(abortSignal?.reason))
        }
        const done = (): void => abortSignal?.removeEventListener("abort", abort)
        calls.set(id, {
          resolve: (generation) => {
            done()
            resolve(generation)
          },
          reject: (error) => {
            done()
            reject(error)
          },
        })
        abortSignal?.addEventListener("abort", abort, { once: true })
        schedule()
      }),
    whenIdle: () => (decoder.pending === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    weightsChanged: () => prefixCache?.clear(),
    dispose: () => {
      if (disposed) return
      disposed = true
      failAll(new SwirlError("The model was closed while it was generating."))
      decoder.dispose()
      prefixCache?.clear()
      for (const resolve of idlers.splice(0)) resolve()
    },
  }
}

/** A wrong id is the fault of one call; in a step it would end all of them. */
function checkIds(tokenIds: readonly number[], vocabularySize: number): void {
  const wrong = tokenIds.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize)
  if (wrong >= 0) {
    throw new SwirlError(
      `Token ${wrong} of the prompt has the id ${tokenIds[wrong]}, but the model's vocabulary has ${vocabularySize}. Do the ids come from another model?`,
    )
  }
}
