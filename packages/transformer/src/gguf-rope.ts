/** Llama 3's rope scaling, which a GGUF file holds as the factors it comes to. */

/** By how much the rotary frequency of each pair is divided. */
function llama3Factors(pairs: number, theta: number, factor: number, original: number): number[] {
  const [low, high] = [1, 4]
  return Array.from({ length: pairs }, (_, pair) => {
    const turns = original / (2 * Math.PI * theta ** (pair / pairs))
    if (turns > high) return 1
    if (turns < low) return factor
    const share = (turns - low) / (high - low)
    return 1 / ((1 - share) / factor + share)
  })
}

/**
 * What config.json says of these factors; undefined where nothing is scaled. Llama 3's bounds are 1 and 4 everywhere, so
 * the length that it was trained with first is all there is to find.
 */
export function llama3Scaling(
  factors: Float32Array,
  theta: number,
  contextLength: number,
  file: string,
): Record<string, unknown> | undefined {
  if (factors.every((each) => each === 1)) return undefined
  const factor = Math.max(...factors)
  for (let original = 1; original <= contextLength; original *= 2)
    if (
      llama3Factors(factors.length, theta, factor, original).every(
        (each, pair) => Math.abs(each - factors[pair]!) <= 1e-5 * each,
      )
    )
      return {
        rope_type: "llama3",
        factor,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: original,
      }
  throw new Error(`${file}: the factors of rope_freqs.weight are not those of Llama 3's rope scaling.`)
}
