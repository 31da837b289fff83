/**
 * A turn token by token, each shaded by how likely the model found it. What shades say is said in words too: the mean, the
 * least likely ones, and on demand the number at every token.
 */
import { useState } from "preact/hooks"
import { visibleText } from "../../src/visible-text.ts"

interface TokenTextProps {
  ids: readonly number[]
  logProbabilities: readonly number[]
  texts?: ReadonlyMap<number, string>
}

const probability = (logProbability: number): string => {
  const value = Math.exp(logProbability)
  return value >= 0.995 ? "1" : value < 0.01 ? "<.01" : value.toFixed(2).replace(/^0/, "")
}

/** 0 for what was all but certain, up to 5. */
const shade = (logProbability: number): number => {
  const bounds = [-0.05, -0.4, -1, -2, -4]
  const level = bounds.findIndex((bound) => logProbability >= bound)
  return level < 0 ? bounds.length : level
}

export function TokenText({ ids, logProbabilities, texts }: TokenTextProps) {
  const [isNumbered, setNumbered] = useState(false)
  const textOf = (id: number): string => visibleText(texts?.get(id) ?? `⟨${id}⟩`)
  const known = logProbabilities.slice(0, ids.length)
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
  const least = [...known.keys()].sort((a, b) => known[a]! - known[b]!).slice(0, 3)
  return (
    <div class="tokens">
      <pre>
        {ids.map((id, index) => {
          const value = known[index]
          return (
            <span
              key={index}
              class={value === undefined ? undefined : `shade-${shade(value)}`}
              title={value === undefined ? undefined : `probability ${probability(value)}`}
            >
              {textOf(id)}
              {isNumbered && value !== undefined && <sub>{probability(value)}</sub>}
            </span>
          )
        })}
      </pre>
      <p class="note">
        {ids.length} tokens, mean log-probability {mean.toFixed(2).replace("-", "−")}; least likely:{" "}
        {least.map((index, place) => (
          <span key={index}>
            {place > 0 && ", "}
            <code>{textOf(ids[index]!)}</code> {probability(known[index]!)}
          </span>
        ))}
        . The darker, the less likely.{" "}
        <button type="button" class="quiet" aria-pressed={isNumbered} onClick={() => setNumbered(!isNumbered)}>
          Numbers
        </button>
      </p>
    </div>
  )
}
