/** What each training took: trainings are compared at the tokens that they sample, not at their steps. */
import type { ReportMatrix, ReportRow } from "../data.ts"
import { rowName } from "./cell-text.ts"
import { type Column, type Table, tableOf } from "./table.ts"

export function costTable({ rows }: ReportMatrix): Table | undefined {
  const trained = rows.filter(({ kind }) => kind === "training")
  if (!trained.some(({ cost }) => cost)) return undefined
  const columns: Column<ReportRow>[] = [
    { name: "training", of: rowName, always: true },
    { name: "optimiser steps", numeric: true, of: ({ cost }) => cost?.steps.toString(), always: true },
    { name: "sampled tokens", numeric: true, of: ({ cost }) => cost?.sampledTokens.toString(), always: true },
    { name: "trained tokens", numeric: true, of: ({ cost }) => cost?.trainedTokens.toString(), always: true },
    { name: "seconds a step", numeric: true, of: ({ cost }) => cost?.secondsPerStep?.toFixed(1), always: true },
    { name: "tokens/s", numeric: true, of: ({ cost }) => cost?.tokensPerSecond?.toFixed(1), always: true },
    { name: "minutes", numeric: true, of: ({ cost }) => cost && (cost.seconds / 60).toFixed(1), always: true },
    {
      name: "peak GB",
      numeric: true,
      of: ({ cost }) => (cost?.peakMemoryBytes === undefined ? undefined : (cost.peakMemoryBytes / 1e9).toFixed(2)),
      always: true,
    },
  ]
  return {
    title: "What the trainings took",
    about: [
      "Sampled tokens are those of the training alone: fresh actions and episodes, and first samples at states; the recorded trajectories are the same for all. Seconds a step are the median, roll-outs aside; tokens/s are sampled and trained ones; peak GB is resident memory of the process that ended it.",
    ],
    ...tableOf(trained, columns),
    notes: [],
  }
}
