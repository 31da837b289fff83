/** What a training shows while it runs: loss, reward, the newest roll-outs, KL, seconds, tokens a second, the most memory it ever had, and how long it will take. */
import type { MetricRecord } from "@swirl-ts/core"

type Metric = Pick<MetricRecord, "step" | "values">

/** The most resident memory that this process ever had, in bytes; undefined in a browser, which does not say. */
export const peakMemoryBytes = (): number | undefined => 1024 * process.resourceUsage().maxRSS || undefined

/** A line of numbers for the metric of every step. `now` is in milliseconds, `peak` in bytes; undefined where the training is elsewhere. */
export function createLiveMetrics(
  now: () => number = () => performance.now(),
  peak: () => number | undefined = peakMemoryBytes,
) {
  let start: { step: number; time: number } | undefined
  let accuracy: number | null = null
  return ({ step, values }: Metric, steps?: number): string => {
    start ??= { step, time: now() }
    accuracy = values.rolloutAccuracy ?? accuracy
    const tokens = (values.sampledTokens ?? 0) + (values.trainedTokens ?? 0)
    const left = steps === undefined ? undefined : steps - step
    const perStep = (now() - start.time) / 1000 / (step - start.step)
    return [
      ["loss", shown(values.loss, 3)],
      ["reward", shown(values.judgedReward, 2)],
      ["roll-outs", shown(accuracy, 2)],
      ["KL", shown(values.klPerToken, 4)],
      ["seconds", shown(values.seconds, 1)],
      ["tokens/s", values.seconds && tokens > 0 ? (tokens / values.seconds).toFixed(0) : undefined],
      ["peak GB", values.seconds ? shown(inGigabytes(peak()), 2) : undefined],
      ["skipped", values.skippedSteps ? `${values.skippedSteps}` : undefined],
      ["left", left && Number.isFinite(perStep) ? duration(left * perStep) : undefined],
    ]
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
      .join(", ")
  }
}

const inGigabytes = (bytes: number | undefined): number | undefined => bytes && bytes / 1e9

const shown = (value: number | null | undefined, digits: number): string | undefined =>
  value === null || value === undefined ? undefined : value.toFixed(digits)

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
