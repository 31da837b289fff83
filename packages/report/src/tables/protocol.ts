/** How each policy answered, whether it was right or not: a prompt or a training that only teaches the form shows here. */
import type { ReportCell, ReportMatrix } from "../data.ts"
import { percent } from "../format.ts"
import { rowName } from "./cell-text.ts"
import { checkpointLines } from "./checkpoints.ts"
import { type Column, type Table, tableOf } from "./table.ts"

export function protocolTable(matrix: ReportMatrix): Table | undefined {
  const lines = checkpointLines(matrix)
  if (!lines.some(({ cell }) => cell?.protocol)) return undefined
  const share = (cell: ReportCell | undefined, name: "answered" | "wellFormed" | "firstWellFormed") =>
    cell?.protocol && percent(cell.protocol[name])
  const columns: Column<(typeof lines)[number]>[] = [
    { name: "cell", of: ({ column }) => column, grouped: true, always: true },
    { name: "row", of: ({ row }) => rowName(row), always: true },
    { name: "answered %", numeric: true, of: ({ cell }) => share(cell, "answered"), always: true },
    { name: "well-formed steps %", numeric: true, of: ({ cell }) => share(cell, "wellFormed"), always: true },
    { name: "first step %", numeric: true, of: ({ cell }) => share(cell, "firstWellFormed"), always: true },
    { name: "steps", numeric: true, of: ({ cell }) => cell?.protocol && mean(cell.protocol.steps, cell.protocol) },
    { name: "tokens", numeric: true, of: ({ cell }) => cell?.protocol?.tokens.toFixed(1) },
  ]
  return {
    title: "How questions were answered",
    about: [
      "Share of trajectories that ended with an answer; of steps, and of first steps alone, that can be read and were not cut off; steps and sampled tokens a trajectory.",
    ],
    ...tableOf(lines, columns),
    notes: [],
  }
}

const mean = (sum: number, { trajectories }: { trajectories: number }): string => (sum / trajectories).toFixed(2)
