/** Lines over the steps of a training, all of shares from 0 to 1; alarms stand at their steps. In words for screen readers. */

import type { RaisedAlarm } from "@swirl-ts/core"
import { scaleLinear } from "d3-scale"
import { line } from "d3-shape"
import { useState } from "preact/hooks"
import { percent } from "../parts/numbers.ts"

export interface Series {
  name: string
  class: string
  points: { step: number; value: number }[]
  /** Points are far apart and are marked. */
  isSparse?: boolean
}

const [width, height, left, right, top, bottom] = [480, 250, 36, 14, 26, 38]

export function Curves({ title, series, alarms }: { title: string; series: Series[]; alarms: readonly RaisedAlarm[] }) {
  const [near, setNear] = useState<number>()
  const last = Math.max(1, ...[...series.flatMap(({ points }) => points), ...alarms].map(({ step }) => step))
  const x = scaleLinear([0, last], [left, width - right])
  const y = scaleLinear([0, 1], [height - bottom, top]).clamp(true)
  const path = line<{ step: number; value: number }>(
    ({ step }) => x(step),
    ({ value }) => y(value),
  )
  const steps = [...new Set(series.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b)
  const look = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const step = x.invert(((event.clientX - box.left) / box.width) * width)
    setNear(steps.reduce((best, each) => (Math.abs(each - step) < Math.abs(best - step) ? each : best), steps[0] ?? 0))
  }
  return (
    <div class="curves">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={summary(title, series, alarms)}
        onPointerMove={look}
        onPointerLeave={() => setNear(undefined)}
      >
        {y.ticks(4).map((share) => (
          <g key={share}>
            <line class="grid" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
            <text x={left - 8} y={y(share) + 4} text-anchor="end">
              {100 * share}
            </text>
          </g>
        ))}
        {x.ticks(Math.min(8, last)).map((step) => (
          <text key={step} x={x(step)} y={height - bottom + 18} text-anchor="middle">
            {step}
          </text>
        ))}
        <text x={(left + width - right) / 2} y={height - 3} text-anchor="middle">
          training step
        </text>
        <AlarmMarks alarms={alarms} x={x} floor={height - bottom} />
        {series.map((each) => (
          <g key={each.name} class={`series ${each.class}`}>
            <path d={path(each.points) ?? ""} />
            {each.isSparse &&
              each.points.map(({ step, value }) => <circle key={step} cx={x(step)} cy={y(value)} r="3.6" />)}
          </g>
        ))}
        {near !== undefined && <line class="near" x1={x(near)} x2={x(near)} y1={top} y2={height - bottom} />}
      </svg>
      <p class="readout" aria-hidden="true">
        {near === undefined ? (
          <span class="soft">Point at the curve to read it.</span>
        ) : (
          <>
            <span>step {near}</span>
            {series.map(({ name, points, class: kind }) => {
              const point = points.find(({ step }) => step === near)
              return (
                point && (
                  <span key={name} class={kind}>
                    {name} {percent(point.value)}
                  </span>
                )
              )
            })}
          </>
        )}
      </p>
    </div>
  )
}

interface AlarmMarksProps {
  alarms: readonly RaisedAlarm[]
  x(step: number): number
  floor: number
}

/** One line a step, with what was raised at it, or the first of it, where that reaches over no other mark: the list under the chart has all. */
function AlarmMarks({ alarms, x, floor }: AlarmMarksProps) {
  const byStep = [...Map.groupBy(alarms, ({ step }) => step)].sort(([a], [b]) => a - b)
  /** Where the mark or the label before ends. */
  let taken = 0
  return byStep.map(([step, here], index) => {
    const at = x(step)
    const end = index + 1 < byStep.length ? x(byStep[index + 1]![0]) - 5 : width
    const kinds = [...new Set(here.map(({ kind }) => kind))]
    const fits = (label: string) => at + sizeOf(label) <= end || at - sizeOf(label) >= taken
    const label = [kinds.join(", "), kinds[0]!].find(fits)
    const isBefore = label !== undefined && at + sizeOf(label) > end
    taken = at + (label === undefined || isBefore ? 5 : sizeOf(label))
    return (
      <g key={step} class="alarm">
        <line x1={at} x2={at} y1="14" y2={floor} />
        <path d={`M${at - 5} 8h10l-5 8z`} />
        {label !== undefined && (
          <text x={isBefore ? at - 9 : at + 9} y="15" text-anchor={isBefore ? "end" : "start"}>
            {label}
          </text>
        )}
      </g>
    )
  })
}

/** Of a label beside its mark, roughly. */
const sizeOf = (label: string): number => 7 * label.length + 14

function summary(title: string, series: readonly Series[], alarms: readonly RaisedAlarm[]): string {
  const ranges = series.map(({ name, points }) =>
    points.length > 0
      ? `${name} from ${percent(points[0]!.value)} to ${percent(points.at(-1)!.value)}`
      : `${name} not measured`,
  )
  const raised = alarms.map(({ kind, step }) => `${kind} at step ${step}`)
  return `${title}: ${ranges.join(", ")}, in per cent. Alarms: ${raised.join(", ") || "none"}.`
}
