/** The summary page: what run folders say of themselves, and what their samples come to. */

import { ownCaveats } from "../caveats.ts"
import type { ReportMatrix } from "../data.ts"
import { findings } from "../findings.ts"
import { readProvenance } from "../provenance.ts"
import { matrixCaption } from "../tables/caption.ts"
import { matrixTables } from "../tables/matrix-tables.ts"
import type { BuiltPages, RecordedRun } from "./build-pages.ts"
import { comparedGroups } from "./compared-groups.ts"
import { comparisonsInWords } from "./comparison-words.ts"
import { type RecordedFilter, viewerTrainings } from "./recorded-runs.ts"
import type { SampleGroup, SummaryPage, ViewerCost, ViewerTraining } from "./summary-page.ts"
import type { ViewerOptions } from "./viewer-options.ts"

export interface SummaryParts {
  title: string
  /** The experiment's. */
  planned?: ReportMatrix
  /** Of what was evaluated, where there is no experiment. */
  measured?: ReportMatrix
  runs: readonly RecordedRun[]
  filters: readonly RecordedFilter[]
  built: BuiltPages
  /** Name of the folder of pages. */
  folder: string
}

export async function summaryPage(
  directory: string,
  { title, planned, measured, runs, filters, built, folder }: SummaryParts,
  options: ViewerOptions,
): Promise<SummaryPage> {
  const matrix = planned ?? measured
  const folders = runs.map(({ facts }) => facts.folder)
  const groups = built.groups.groups(matrix, folders).map((group, number) => {
    const tokens = built.tokenPages.get(number)
    return tokens === undefined ? group : { ...group, tokens }
  })
  const trainings = (await Promise.all(runs.map((run, at) => viewerTrainings(directory, run.directory, at)))).flat()
  const cells = built.groups.cells(matrix)
  const calibration = built.judges.calibration()
  const judges = built.judges.judges()
  const total = { good: 0, bad: 0, unscored: 0 }
  for (const judge of judges)
    for (const verdict of ["good", "bad", "unscored"] as const) total[verdict] += judge[verdict]
  const counts: Record<string, number> = {
    ...built.counts,
    ...(judges.length > 0
      ? { verdictsGood: total.good, verdictsBad: total.bad, verdictsUnscored: total.unscored }
      : {}),
  }
  const comparisons = planned
    ? []
    : comparedGroups(groups, built.scores, { taskOf: (question) => built.questions.taskOf(question) })
  const compared = comparisonsInWords(comparisons, groups, cells)
  return {
    schema: "swirl.viewer/1",
    title,
    createdAt: options.createdAt ?? new Date().toISOString(),
    headline: [...(compared.length > 0 ? compared : findings(matrix)), ...(options.remarks ?? [])],
    caveats: ownCaveats({ matrix, counts, calibration }),
    matrix,
    tables: matrix ? matrixTables(matrix) : [],
    captions: matrix ? matrixCaption(matrix) : [],
    comparisons,
    runs: runs.map(({ facts }) => facts),
    cells,
    groups,
    trainings,
    filters: filters.map(({ ids: _, ...filter }) => filter),
    judges,
    calibration,
    agreements: built.judges.agreements(),
    tools: Object.entries(built.tools.uses()).map(([name, use]) => ({ name, ...use })),
    costs: [...groupCosts(groups, cells), ...trainings.map(trainingCost)],
    provenance: {
      ...(await readProvenance(
        directory,
        runs.map((run) => run.directory),
      )),
      ...options.provenance,
    },
    commands: [...(options.commands ?? [])],
    counts,
    pages: { folder, ...built.index },
  }
}

const groupCosts = (groups: readonly SampleGroup[], cells: SummaryPage["cells"]): ViewerCost[] =>
  groups.map(({ stage, label, run, cell, training, round, inputTokens, outputTokens }) => ({
    what:
      stage === "round"
        ? `round ${round} of ${training}`
        : [`${stage} ${cells[cell]!.name}`, ...(stage === "evaluate" || stage === "import" ? [label] : [])].join(", "),
    run,
    inputTokens,
    outputTokens,
  }))

function trainingCost({ name, run, metrics, result }: ViewerTraining): ViewerCost {
  const sum = (value: string): number => metrics.reduce((all, { values }) => all + (values[value] ?? 0), 0)
  const sampled = sum("sampledTokens") + sum("episodeTokens") + sum("candidateTokens") + sum("roundTokens")
  return {
    what: `train ${name}`,
    run,
    outputTokens: sampled,
    trainedTokens: sum("trainedTokens"),
    seconds: result?.seconds ?? sum("seconds"),
    peakMemoryBytes: result?.peakMemoryBytes,
  }
}
