/**
 * Values with their 95 % intervals, one line each, on one axis: a forest plot. Shape and fill say what colour says. Every line
 * has its numbers beside it as text, so the drawing itself is left out for screen readers.
 */

import { scaleLinear } from "d3-scale"
import type { ComponentChildren } from "preact"
import { Scroll } from "../parts/scroll.tsx"

export interface IntervalLine {
  name: ComponentChildren
  /** Under the name. */
  detail?: ComponentChildren
  value: number
  ci?: readonly [number, number]
  shape: "up" | "down" | "up-before-correction" | "down-before-correction" | "unclear"
  /** At the end of the line. */
  numbers: ComponentChildren[]
  href?: string
}

interface IntervalsProps {
  caption: string
  lines: readonly IntervalLine[]
  /** Headings of the names and of `numbers`. */
  heads: readonly string[]
  /** Of the axis; made wider where a line needs it. */
  domain: readonly [number, number]
  /** Where "nothing changed" is. */
  zero?: number
  tick(value: number): string
}

/** Of the drawing's own units, stretched over whatever width there is. */
const [width, height] = [400, 34]

export function Intervals({ caption, lines, heads, domain, zero, tick }: IntervalsProps) {
  const ends = lines.flatMap(({ value, ci = [value, value] }) => ci)
  const scale = scaleLinear()
    .domain([Math.min(domain[0], ...ends), Math.max(domain[1], ...ends)])
    .nice()
    .range([10, width - 10])
  const ticks = scale.ticks(5)
  return (
    <Scroll of={caption}>
      <table class="forest">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{heads[0]}</th>
            <th scope="col" class="drawing">
              <span class="unseen">95 % interval</span>
              <svg viewBox={`0 0 ${width} 16`} preserveAspectRatio="none" aria-hidden="true" class="axis">
                {ticks.map((at) => (
                  <line key={at} x1={scale(at)} x2={scale(at)} y1="12" y2="16" />
                ))}
              </svg>
              <span class="ticks" aria-hidden="true">
                {ticks.map((at) => (
                  <span key={at} style={{ left: `${(100 * scale(at)) / width}%` }}>
                    {tick(at)}
                  </span>
                ))}
              </span>
            </th>
            {heads.slice(1).map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index}>
              <th scope="row">
                {line.href ? <a href={line.href}>{line.name}</a> : line.name}
                {line.detail && <span class="detail">{line.detail}</span>}
              </th>
              <td class="drawing">
                <Whisker line={line} scale={scale} ticks={ticks} zero={zero} />
              </td>
              {line.numbers.map((number, at) => (
                <td key={heads[at + 1]} class="number" data-head={heads[at + 1]}>
                  {number}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

interface WhiskerProps {
  line: IntervalLine
  scale(value: number): number
  ticks: readonly number[]
  zero?: number
}

function Whisker({ line: { value, ci, shape }, scale, ticks, zero }: WhiskerProps) {
  const at = (value: number) => `${(100 * scale(value)) / width}%`
  const middle = height / 2
  return (
    <svg height={height} class={`whisker ${shape}`} aria-hidden="true">
      {ticks.map((each) => (
        <line key={each} class="grid" x1={at(each)} x2={at(each)} y1="0" y2={height} />
      ))}
      {zero !== undefined && <line class="zero" x1={at(zero)} x2={at(zero)} y1="0" y2={height} />}
      {ci && <line class="span" x1={at(ci[0])} x2={at(ci[1])} y1={middle} y2={middle} />}
      <svg x={at(value)} y={middle} overflow="visible" aria-hidden="true">
        {shape === "unclear" ? (
          <circle class="point" r="4.5" />
        ) : (
          <path class="point" d={shape.startsWith("up") ? "M-6 4.5h12L0 -6z" : "M-6 -4.5h12L0 6z"} />
        )}
      </svg>
    </svg>
  )
}
