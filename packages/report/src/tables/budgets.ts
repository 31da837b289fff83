/** What each training was allowed and what it took, in trajectories and in states: equal budgets are what makes trainings comparable. */
import type { ReportMatrix, ReportRow } from "../data.ts"
import { rowName } from "./cell-text.ts"
import { type Column, type Table, tableOf } from "./table.ts"

export function budgetTable({ rows }: ReportMatrix): Table | undefined {
  const trained = rows.filter(({ kind }) => kind === "training")
  if (!trained.some(({ budget, used }) => budget || used)) return undefined
  const of = (unit: "trajectories" | "states", { budget, used }: ReportRow): string | undefined => {
    const [taken, allowed] = [used?.[unit], budget?.[unit]]
    if (taken === undefined) return allowed === undefined ? undefined : `not run yet, of ${allowed}`
    return allowed === undefined ? String(taken) : `${taken} of ${allowed}`
  }
  const columns: Column<ReportRow>[] = [
    { name: "training", of: rowName, always: true },
    { name: "trained on", of: ({ train }) => train },
    { name: "filter", of: ({ filter }) => filter },
    { name: "algorithm", of: ({ algorithm }) => algorithm },
    { name: "judge", of: ({ judge }) => judge },
    { name: "kept", numeric: true, of: ({ kept }) => kept?.toString() },
    { name: "trajectories", numeric: true, of: (row) => of("trajectories", row) },
    { name: "states", numeric: true, of: (row) => of("states", row) },
  ]
  return {
    title: "Budgets",
    about: [
      "Trajectories that the filter kept, and what the training took of them: trajectories and states (a state is one step to learn), of those it was allowed where a budget was set.",
    ],
    ...tableOf(trained, columns),
    notes: [],
  }
}
