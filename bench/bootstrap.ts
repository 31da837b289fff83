/**
 * The paired bootstrap of a comparison: 10,000 resamples of 1,500 pairs, and its interval by BCa, which draws as many again.
 *   npm run bench -- bootstrap [--json]
 */
import { parseArgs } from "node:util"
import { random } from "@swirl-ts/core"
import { bcaInterval, pairedBootstrap } from "@swirl-ts/stats"
import { type Figure, tellFigures } from "./figures.ts"

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } })
const draw = random(7)
const pairs = 1500
const scores = (): number[] => Array.from({ length: pairs }, () => (draw.next() < 0.5 ? 1 : 0))
const [a, b] = [scores(), scores()]

/** Seconds of processor time, the first call included, as a command makes one. */
function taken(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
const differences = b.map((value, index) => value - a[index]!)
const figures: Figure[] = [
  {
    name: "paired bootstrap, 10,000 resamples of 1,500 pairs: processor time",
    value: taken(() => pairedBootstrap(a, b, { resamples: 10_000 })),
    goal: 1,
    unit: "s",
  },
  {
    name: "  BCa interval of the same differences",
    value: taken(() => bcaInterval(differences, { resamples: 10_000 })),
    goal: 1,
    unit: "s",
  },
]
tellFigures("bootstrap", figures, { json: values.json })
