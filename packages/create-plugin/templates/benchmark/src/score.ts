/** An answer is right when its last number is the reference's: `It is $1,200.` is 1200. No answer is wrong, not missing. */
import type { Metrics } from "@swirl-ts/core"

export function score(reference: string, answer: string | undefined): Metrics {
  return { accuracy: answer !== undefined && lastNumber(answer) === Number(reference) ? 1 : 0 }
}

function lastNumber(text: string): number | undefined {
  const last = text
    .replaceAll(",", "")
    .match(/-?\d+(\.\d+)?/g)
    ?.at(-1)
  return last === undefined ? undefined : Number(last)
}
