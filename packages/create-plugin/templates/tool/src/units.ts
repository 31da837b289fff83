/** Units by dimension. Invariant: within a dimension, a unit's number says how many of the first unit it is. */
const dimensions = {
  length: { m: 1, km: 1000, cm: 0.01, mi: 1609.344, ft: 0.3048, in: 0.0254 },
  mass: { kg: 1, g: 0.001, lb: 0.45359237, oz: 0.028349523125 },
  time: { s: 1, min: 60, h: 3600, d: 86400 },
} as const satisfies Record<string, Record<string, number>>

type Dimension = keyof typeof dimensions
export type Unit = { [D in Dimension]: keyof (typeof dimensions)[D] }[Dimension]

interface Measure {
  dimension: Dimension
  /** How many of the dimension's first unit it is. */
  size: number
}

const measures = new Map<string, Measure>(
  Object.entries(dimensions).flatMap(([dimension, sizes]) =>
    Object.entries(sizes).map(([unit, size]): [string, Measure] => [unit, { dimension: dimension as Dimension, size }]),
  ),
)

export const units = [...measures.keys()] as [Unit, ...Unit[]]

export const measureOf = (unit: Unit): Measure => measures.get(unit)!
