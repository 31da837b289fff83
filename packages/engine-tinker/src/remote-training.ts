/**
 * A training of one adapter on the server, which can always go back: before gradients are added up, weights and moments are saved
 * there. Where nobody knows whether something was done, the sum is thrown away, the saved state loaded, and what came after it done
 * again. Invariant: a gradient counts once, whatever was cut, lost or sent; a row's gradient is the one of core's contract.
 */
import { type AdamOptions, type LossOptions, SwirlError, type TrainingRow } from "@swirl-ts/core"
import { actionValues, datumOf, inRequests } from "./datum.ts"
import { type Loss, lossRequest, scoring } from "./loss.ts"
import { type Normalisation, rowScale } from "./normalisation.ts"
import { BrokenServer, Doubtful, LostModel } from "./problems.ts"
import type { RemoteModel, ServerAdam } from "./remote-model.ts"
import type { Datum, LossRequest } from "./wire.ts"

type Rows = readonly TrainingRow[]
interface Call {
  rows: Rows
  normaliser: LossOptions["normaliser"]
}
/** What a step was made of, to be made again. */
interface Step {
  calls: readonly Call[]
  /** Of clipping. */
  factor: number
  adam: AdamOptions
}

export interface RemoteTrainingOptions {
  normalisation: Normalisation
  loss: Loss
  requestBytes: number
  log(line: string): void
  /** Resolves when the server answers; throws where it does not come back. */
  reached(): Promise<unknown>
  /** Called before and after the weights change. */
  onWeights: { before(): Promise<void>; after(): void }
}

export interface RemoteTraining {
  readonly model: RemoteModel
  /** Adds the gradients of rows; log π of their action tokens. */
  add(rows: Rows, normaliser: number): Promise<number[][]>
  /** log π of action tokens, a row; changes nothing. */
  score(rows: readonly Pick<TrainingRow, "promptTokenIds" | "tokenIds">[]): Promise<number[][]>
  /** Steps, clipped; gives the norm before. Where that is no number, nothing has changed. */
  step(adam: AdamOptions): Promise<number>
  /** Throws away what was added. */
  clear(): Promise<void>
  /** Path of the present weights and moments on the server. */
  save(): Promise<string>
  load(path: string): Promise<void>
  /** What `work` gives on a model that is there, whatever happens to the one that was. */
  onModel<T>(work: (model: RemoteModel) => Promise<T>): Promise<T>
}

/** How often one thing is tried anew. */
const mostAttempts = 5

/** `create` makes an adapter at its first weights, and is called again where the server lost it. */
export async function createRemoteTraining(
  create: () => Promise<RemoteModel>,
  { normalisation, loss, requestBytes, log, reached, onWeights }: RemoteTrainingOptions,
): Promise<RemoteTraining> {
  let model = await create()
  /** What can be gone back to, and the steps since. */
  let anchor: { path: string; steps: Step[] } = { path: await model.save(), steps: [] }
  let calls: Call[] = []
  /** How many of the calls, of how many rows in all, are in the server's sum. */
  let sent = { calls: 0, rows: 0, factor: 1 }
  /** Whether a part of a call may be in it as well. */
  let isPartial = false
  let restoring: Promise<void> | undefined

  const pass = async (
    data: readonly Datum[],
    one: (data: readonly Datum[], loss: LossRequest) => Promise<number[][]>,
    request: LossRequest,
  ): Promise<number[][]> => {
    // Nothing is begun anew before everything that was sent has come to an end.
    const settled = await Promise.allSettled(inRequests(data, requestBytes).map((part) => one(part, request)))
    const failures = settled.flatMap((part) => (part.status === "rejected" ? [part.reason] : []))
    if (failures.length > 0) throw failures.find((error) => error instanceof LostModel) ?? failures[0]
    return settled.flatMap((part) => (part.status === "fulfilled" ? part.value : []))
  }

  const score: RemoteTraining["score"] = async (rows) => {
    const values = await pass(
      rows.map((row) => datumOf(row)),
      model.forward,
      scoring,
    )
    return rows.map((row, index) => actionValues(row, values[index]!))
  }

  const countOf = (all: readonly Call[]): number => all.reduce((sum, { rows }) => sum + rows.length, 0)

  const send = async ({ rows, normaliser }: Call, all: number, factor: number): Promise<number[][]> => {
    const current = loss === "importance_sampling" ? await score(rows) : undefined
    const data = rows.map((row, index) => {
      const scale = factor * rowScale(normalisation, row, { normaliser, rows: all })
      return datumOf(row, {
        advantages: row.coefficients.map((value) => value * scale),
        logProbabilities: current?.[index],
      })
    })
    const values = await pass(data, model.forwardBackward, lossRequest(loss))
    return rows.map((row, index) => actionValues(row, values[index]!))
  }

  /** Brings the server's sum to be that of all calls; gives log π of those of the newest where it was sent now. */
  const sendAll = async (factor: number): Promise<number[][] | undefined> => {
    const rows = countOf(calls)
    const isOther = sent.factor !== factor || (normalisation === "sequence-mean" && sent.rows !== rows)
    if (isPartial || (sent.calls > 0 && isOther)) await restore(false)
    let newest: number[][] | undefined
    while (sent.calls < calls.length) {
      isPartial = true
      newest = await send(calls[sent.calls]!, rows, factor)
      isPartial = false
      sent = { calls: sent.calls + 1, rows, factor }
    }
    return newest
  }

  /** Steps to throw away the sum: what it does to the weights is undone by who calls it. */
  const flush = async (): Promise<void> => {
    await model.step(nothing).catch((error: unknown) => {
      if (!(error instanceof BrokenServer)) throw error
    })
  }

  /** The state of the present step, without anything summed up. */
  const goBack = async (isLost: boolean): Promise<void> => {
    let lost = isLost
    for (let attempt = 1; ; attempt++) {
      try {
        // What goes out once is not sent into the dark.
        await reached()
        if (lost) {
          model.close()
          model = await create()
        }
        lost = false
        await flush()
        await model.load(anchor.path)
        sent = { calls: 0, rows: 0, factor: 1 }
        isPartial = false
        for (const { calls: made, factor, adam } of anchor.steps) {
          for (const call of made) await send(call, countOf(made), factor)
          await model.step(serverAdam(adam))
        }
        onWeights.after()
        return
      } catch (error) {
        const isAgain = error instanceof LostModel || error instanceof Doubtful
        if (!isAgain || attempt >= mostAttempts) throw error
        lost = error instanceof LostModel
      }
    }
  }
  const restore = (isLost: boolean): Promise<void> => {
    restoring ??= goBack(isLost).finally(() => {
      restoring = undefined
    })
    return restoring
  }

  /** Tries again from the saved state where something was cut or lost on the way. */
  const surely = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      const before = model
      try {
        return await work()
      } catch (error) {
        const isLost = error instanceof LostModel
        if (!(isLost || error instanceof Doubtful) || attempt >= mostAttempts) throw error
        // Of several that failed together, the first has mended it for all.
        if (model !== before) continue
        log(`${error.message}. Going back to the state that was saved on the server before it.`)
        await restore(isLost)
      }
    }
  }

  const save = async (): Promise<string> => {
    if (anchor.steps.length > 0) anchor = { path: await model.save(), steps: [] }
    return anchor.path
  }

  return {
    get model() {
      return model
    },
    score: (rows) => surely(() => score(rows)),
    async add(rows, normaliser) {
      await surely(save)
      // Divided by the number of rows up to the step, the first of several calls would have to be sent again with each.
      const isLater = calls.length > 0 && normalisation === "sequence-mean"
      calls.push({ rows, normaliser })
      if (isLater) return surely(() => score(rows))
      const values = await surely(async () => (await sendAll(1)) ?? score(rows))
      return values
    },
    async step(adam) {
      if (calls.length === 0) return 0
      await onWeights.before()
      const take = (factor: number): Promise<number> =>
        surely(async () => {
          await sendAll(factor)
          const norm = await finiteStep(model, serverAdam(adam))
          sent = { calls: 0, rows: 0, factor: 1 }
          return norm
        })
      const norm = await take(1)
      let factor = 1
      if (!Number.isFinite(norm)) {
        calls = []
        await restore(false)
        return norm
      }
      if (adam.clipNorm !== undefined && adam.clipNorm > 0 && norm > adam.clipNorm) {
        // The server clips nothing, and tells a norm only with the step: the step is taken back and made anew.
        factor = adam.clipNorm / (norm + 1e-6)
        await restore(false)
        await take(factor)
      }
      anchor.steps.push({ calls, factor, adam })
      calls = []
      onWeights.after()
      return norm
    },
    async clear() {
      calls = []
      if (isPartial || sent.calls > 0) await restore(false)
    },
    save: () => surely(save),
    async load(path) {
      await onWeights.before()
      calls = []
      if (isPartial || sent.calls > 0) await restore(false)
      const before = anchor
      anchor = { path, steps: [] }
      try {
        await surely(() => model.load(path))
      } catch (error) {
        anchor = before
        throw error
      }
      onWeights.after()
    },
    onModel: (work) => surely(() => work(model)),
  }
}

/** A server that broke at a step had a gradient that is no number. */
async function finiteStep(model: RemoteModel, adam: ServerAdam): Promise<number> {
  try {
    return await model.step(adam)
  } catch (error) {
    if (error instanceof BrokenServer) return Number.NaN
    throw error
  }
}

const serverAdam = ({ learningRate, beta1, beta2, epsilon, weightDecay }: AdamOptions): ServerAdam => ({
  learning_rate: learningRate,
  beta1,
  beta2,
  eps: epsilon,
  weight_decay: weightDecay,
})

/** A step of no length. */
export const nothing: ServerAdam = { learning_rate: 0, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0 }

/** Loss of rows by the contract, from log π of their tokens. */
export function lossOf(rows: Rows, logProbabilities: readonly (readonly number[])[], normaliser: number): number {
  let sum = 0
  rows.forEach(({ coefficients }, row) => {
    coefficients.forEach((value, t) => {
      sum += value * logProbabilities[row]![t]!
    })
  })
  if (!(normaliser > 0)) throw new SwirlError(`A loss cannot be divided by ${normaliser}.`)
  return sum === 0 ? 0 : -sum / normaliser
}
