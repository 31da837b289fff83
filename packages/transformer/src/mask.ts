/** Who may look at whom in a batch of packed sequences, in the two forms attention takes. */
import type { PackedSequence } from "./packing.ts"

/** Does any sequence branch? If not, plain causal attention is all there is: padding comes last and nobody looks at it. */
export const branches = (sequences: readonly PackedSequence[]): boolean =>
  sequences.some((sequence) => sequence.ends.some((end) => end !== sequence.tokenIds.length))

/** ends [batch, length]: row i sees j when j <= i < ends[j]. Padding sees itself only. */
export function endsOf(sequences: readonly PackedSequence[], length: number): Int32Array {
  const data = new Int32Array(sequences.length * length)
  sequences.forEach((sequence, b) => {
    for (let j = 0; j < length; j++) data[b * length + j] = sequence.ends[j] ?? j + 1
  })
  return data
}

/**
 * The same as an additive mask [batch, 1, length, length], with a batch of 1 when nothing branches. With a `window` a row
 * sees itself and the `window - 1` before it, counted by their positions on its branch.
 */
export function maskOf(
  sequences: readonly PackedSequence[],
  length: number,
  window = Number.POSITIVE_INFINITY,
): { data: Float32Array; batch: number } {
  const branching = branches(sequences)
  const batch = branching ? sequences.length : 1
  const ends = branching ? endsOf(sequences, length) : new Int32Array(length).fill(length)
  const data = new Float32Array(batch * length * length).fill(-1e9)
  for (let b = 0; b < batch; b++) {
    const position = (row: number): number => (branching ? (sequences[b]!.positions[row] ?? row) : row)
    for (let j = 0; j < length; j++)
      for (let i = j; i < ends[b * length + j]!; i++)
        if (position(i) - position(j) < window) data[(b * length + i) * length + j] = 0
  }
  return { data, batch }
}
