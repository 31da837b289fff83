/**
 * The selection that a training follows in one folder: the one that stands there and fits. Where none does, or it was made
 * over other trajectories or verdicts, `filter` makes it in the training's own run folder; in others nothing is written.
 */
import { canonicalJson, type FilterRecord, SwirlError, type Trajectory } from "@swirl-ts/core"
import { basename, resolve } from "@swirl-ts/platform"
import type { Run } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { type FilterRequest, filterWith, officialScore } from "../filter/filter.ts"
import { digestOf, readMaterial } from "../filter/material.ts"
import { select } from "../filter/select.ts"
import { isSame, readSelections, type StandingSelection } from "../filter/selection-files.ts"
import { type Identities, identitiesOf, type OpenJudge, openOutcomeJudge } from "../judge/open-judge.ts"

export interface SourceFolder {
  directory: string
  trajectories: readonly Trajectory[]
}

/** By the official score, whatever stands there; nothing is written. */
export async function officialSelection(
  context: StageContext,
  source: SourceFolder,
  { strategy, judge: judgeName }: FilterRequest,
  judge: OpenJudge,
): Promise<FilterRecord> {
  const { value } = context.registry.resolve("filters", strategy)
  return select(context, await readMaterial(source, value, judge), value, { strategy, judge: judgeName })
}

/** `run`: the training's own run folder, open for writing; without one nothing is written anywhere. */
export async function followedSelection(
  context: StageContext,
  source: SourceFolder,
  request: FilterRequest,
  judge: OpenJudge,
  run: Run | undefined,
): Promise<FilterRecord> {
  const { host, registry } = context
  const { directory } = source
  const { strategy } = request
  const { value } = registry.resolve("filters", strategy)
  const asked = value.needs.includes("outcome") ? request.outcomeJudge : undefined
  const fitting: StandingSelection[] = []
  let why: string | undefined
  for (const standing of await readSelections(directory)) {
    const { record, file } = standing
    if (!isSame(registry, "filters", record.strategy, strategy)) continue
    if (asked !== undefined && !isBy(context, record, asked)) continue
    const problem = await misfit(context, record, request, judge)
    if (problem) why = `${file} is ${problem}`
    else fitting.push(standing)
  }
  if (fitting.length > 1) throw ambiguous(directory, strategy, fitting)
  const [standing] = fitting
  if (standing) {
    const { record, file } = standing
    const material = await readMaterial(source, value, judge, record.outcomeIdentities)
    if (digestOf(material) === record.madeOver) return said(context, file, record)
    why = `${file} was made over other trajectories or verdicts`
  }
  const outcomeJudge = standing?.record.outcomeJudge ?? (asked === officialScore ? undefined : asked)
  const by = outcomeJudge === undefined ? strategy : `${strategy} with --outcome-judge ${outcomeJudge}`
  if (run && directory === resolve(context.directory)) {
    host.log(`Filters by ${by}: ${why ?? `no selection stands in ${directory} that says what it was made over`}`)
    const { file, ...record } = await filterWith(context, source.trajectories, { ...request, outcomeJudge }, judge, run)
    return said(context, file, record)
  }
  if (outcomeJudge === undefined) {
    if (why) host.log(`Filters by ${by}, and writes nothing into ${directory}: ${why}`)
    return officialSelection(context, source, request, judge)
  }
  throw new SwirlError(
    `No selection by the outcome judge ${outcomeJudge} can be followed in ${directory}${why ? ` (${why})` : ""}, and nothing is written there by a dry run or a training elsewhere. Make it first: swirl filter --strategy ${strategy} --outcome-judge ${outcomeJudge} --run ${directory}`,
    { kind: "usage" },
  )
}

function said({ host }: StageContext, file: string, record: FilterRecord): FilterRecord {
  host.log(`${file}: trains on ${record.kept} of ${record.total} trajectories`)
  return record
}

/** Why a selection is not the one that is asked for, as a clause; undefined where it is. */
async function misfit(
  context: StageContext,
  record: FilterRecord,
  { outcomeJudge, outcomeOptions = {} }: FilterRequest,
  judge: OpenJudge,
): Promise<string | undefined> {
  if (!(await hasIdentities(judge, record.judgeIdentities))) {
    return `by another judge of steps, ${record.judge} with its settings, than ${judge.name} with these`
  }
  // By its name alone an outcome judge is not opened: it may be a model that is not here now.
  if (!record.outcomeJudge || outcomeJudge === undefined || Object.keys(outcomeOptions).length === 0) return undefined
  const asked = openOutcomeJudge(context, outcomeJudge, outcomeOptions)
  try {
    const isAsked = await hasIdentities(asked, record.outcomeIdentities)
    return isAsked ? undefined : `by ${record.outcomeJudge} with another model or other settings`
  } finally {
    await asked.close()
  }
}

async function hasIdentities(judge: Pick<OpenJudge, "identity">, identities: Identities = {}): Promise<boolean> {
  const benchmarks = Object.keys(identities).map((benchmark) => ({ benchmark }))
  return canonicalJson(await identitiesOf(judge, benchmarks)) === canonicalJson(identities)
}

const isBy = ({ registry }: StageContext, { outcomeJudge }: FilterRecord, asked: string): boolean =>
  outcomeJudge === undefined || asked === officialScore
    ? outcomeJudge === undefined && asked === officialScore
    : isSame(registry, "outcomeJudges", outcomeJudge, asked)

function ambiguous(directory: string, strategy: string, fitting: readonly StandingSelection[]): SwirlError {
  const named = fitting.map(({ file, record }) => ({
    file: basename(file),
    outcome: record.outcomeJudge ?? officialScore,
  }))
  const files = named.map(({ file, outcome }) => `${file} (outcome: ${outcome})`)
  const choices = named.map(({ outcome }) => `--outcome-judge ${outcome}`)
  return new SwirlError(
    `${fitting.length} selections by ${strategy} stand in ${directory}: ${files.join(", ")}. Say which one to train on: ${choices.join(" or ")}.`,
    { kind: "usage" },
  )
}
