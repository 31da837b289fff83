/** What `npm run bench -- gpu` found, as the document that it writes and as tables for people. */
import type { Comparison, Measured } from "./gpu-parts.ts"
import type { Side } from "./train-work.ts"

export interface PartReport {
  name: string
  /** With the start of the process and of TensorFlow. */
  seconds: number
  measured: Measured[]
  /** Of Benchmark W. */
  side?: Side
  /** Most of the GPU's memory that was used at once. */
  gpuMebibytes?: number
  failure?: string
}

export interface GpuReport {
  date: string
  node: string
  shape: string
  /** As nvidia-smi names it. */
  gpu?: string
  device?: "gpu" | "cpu"
  tensorflow?: string
  comparisons: Comparison[]
  parts: PartReport[]
}

export const holds = ({ comparisons, parts }: GpuReport): boolean =>
  comparisons.length > 0 &&
  comparisons.every((each) => each.holds) &&
  parts.every(({ failure }) => failure === undefined)

export function reportTable({ date, node, shape, gpu, device, tensorflow, comparisons, parts }: GpuReport): string {
  const machine =
    device === "gpu" ? (gpu ?? "a GPU that nvidia-smi does not name") : "no GPU: these are figures of a CPU"
  const lines = [
    `Native TensorFlow ${tensorflow} on ${machine}; shape ${shape}, Node ${node}, ${date.slice(0, 10)}.`,
    "",
  ]
  lines.push("| against the CPU | largest difference | allowed | |", "|-|-|-|-|")
  for (const { check, difference, worst, allowed, holds } of comparisons) {
    const where = worst === undefined || difference === 0 ? "" : `, at ${worst}`
    lines.push(
      `| ${check} | ${difference.toExponential(1)}${where} | ${allowed} | ${holds ? "holds" : "DOES NOT HOLD"} |`,
    )
  }
  lines.push("", "| measured | | |", "|-|-|-|")
  for (const { name, measured, side } of parts) {
    for (const { what, value, unit } of measured) lines.push(`| ${what} | ${value.toPrecision(3)} | ${unit} |`)
    if (side === undefined) continue
    const { seconds } = side
    const phases = (["sample", "reference", "update"] as const).map((phase) => `${phase} ${seconds[phase].toFixed(2)}`)
    lines.push(`| ${name}, one iteration (${phases.join(", ")}) | ${seconds.all.toFixed(2)} | s |`)
  }
  lines.push("", "| part | seconds, start included | MiB of GPU memory | |", "|-|-|-|-|")
  for (const { name, seconds, gpuMebibytes, failure } of parts)
    lines.push(`| ${name} | ${seconds.toFixed(1)} | ${gpuMebibytes ?? "not known"} | ${failure ?? ""} |`)
  return `${lines.join("\n")}\n`
}
