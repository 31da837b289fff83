/** Measured figures beside their goals, as lines or as one JSON document. A goal that is missed is said, and ends with exit code 1. */
import { cpus, loadavg } from "node:os"

export interface Figure {
  name: string
  value: number
  unit: string
  /** At most this. */
  goal?: number
}

export function tellFigures(
  bench: string,
  figures: readonly Figure[],
  { json, ...details }: { json: boolean } & Readonly<Record<string, unknown>>,
): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() || "processor"}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`
  const date = new Date().toISOString()
  const missed = figures.filter(({ value, goal }) => goal !== undefined && !(value <= goal))
  if (missed.length > 0) process.exitCode = 1
  if (json) {
    console.log(JSON.stringify({ bench, date, machine, figures, ...details }, null, 2))
    return
  }
  console.log(`${date}  ${machine}`)
  for (const { name, value, unit, goal } of figures) {
    const met = goal === undefined ? "" : `   goal ${goal}${unit && ` ${unit}`}: ${value <= goal ? "met" : "MISSED"}`
    console.log(`${name.padEnd(76)}${value.toPrecision(3)} ${unit}${met}`)
  }
}
