/** Training rows as the server takes them, and what it gives back as rows. What it would take in silence is refused here. */
import { SwirlError, type TrainingRow } from "@swirl-ts/core"
import type { Datum } from "./wire.ts"

type Ids = Pick<TrainingRow, "promptTokenIds" | "tokenIds">

/** Throws for an id that the model has no row for: the server would sum up what is no number. */
export function checkIds(ids: readonly number[], vocabularySize: number, where: string): void {
  const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize)
  if (wrong < 0) return
  throw new SwirlError(
    `Token ${wrong} of ${where} has the id ${ids[wrong]}, but the model's vocabulary has ${vocabularySize}. Do the ids come from another model?`,
  )
}

export function checkRows(rows: readonly (Ids & { coefficients?: readonly number[] })[], vocabularySize: number): void {
  rows.forEach(({ promptTokenIds, tokenIds, coefficients }, index) => {
    if (promptTokenIds.length === 0)
      throw new SwirlError(`Training row ${index} has an empty state: its first token is predicted from nothing.`)
    checkIds(promptTokenIds, vocabularySize, `the state of training row ${index}`)
    checkIds(tokenIds, vocabularySize, `training row ${index}`)
    if (!coefficients) return
    if (coefficients.length !== tokenIds.length)
      throw new SwirlError(
        `Training row ${index} has ${tokenIds.length} action tokens and ${coefficients.length} coefficients.`,
      )
    if (!coefficients.every(Number.isFinite))
      throw new SwirlError(`Training row ${index} has a coefficient that is no finite number.`)
  })
}

/** `advantages` and `logProbabilities` are those of the action's tokens; absent: zeros. */
export function datumOf(
  { promptTokenIds, tokenIds }: Ids,
  { advantages, logProbabilities }: { advantages?: readonly number[]; logProbabilities?: readonly number[] } = {},
): Datum {
  const all = [...promptTokenIds, ...tokenIds]
  const zeros = (length: number): number[] => new Array<number>(length).fill(0)
  const state = zeros(promptTokenIds.length - 1)
  const none = zeros(tokenIds.length)
  return {
    model_input: { chunks: [{ type: "encoded_text", tokens: all.slice(0, -1) }] },
    loss_fn_inputs: {
      target_tokens: { data: all.slice(1) },
      weights: { data: [...state, ...tokenIds.map(() => 1)] },
      logprobs: { data: [...state, ...(logProbabilities ?? none)] },
      advantages: { data: [...state, ...(advantages ?? none)] },
    },
  }
}

/** Of what the server gives for every token, that of the action's. */
export function actionValues({ promptTokenIds, tokenIds }: Ids, values: readonly number[]): number[] {
  const length = promptTokenIds.length + tokenIds.length - 1
  if (values.length !== length)
    throw new SwirlError(`The server gave ${values.length} log-probabilities for a row of ${length} targets.`)
  return values.slice(promptTokenIds.length - 1)
}

/** Data in order, in groups of at most so many bytes as JSON; a longer one stands alone. */
export function inRequests(data: readonly Datum[], bytes: number): Datum[][] {
  const requests: Datum[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const datum of data) {
    const own = JSON.stringify(datum).length
    if (size + own > bytes) {
      requests.push([])
      size = 0
    }
    requests.at(-1)!.push(datum)
    size += own
  }
  return requests
}
