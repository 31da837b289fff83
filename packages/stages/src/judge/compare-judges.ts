/**
 * Judges side by side on the same recorded trajectories, a benchmark at a time: what each would keep, how much of that is
 * right by the official score, how much of what is right it keeps, and what it cannot say. The score is asked afterwards
 * and shown to no judge.
 */
import { canonicalJson, type Trajectory } from "@swirl-ts/core"
import { type ScoreEstimate, scoreInterval } from "@swirl-ts/stats"
import { openRun } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { officialOutcomes } from "../filter/trajectory-tasks.ts"
import { readTrajectories } from "../trajectories.ts"
import { judgeInto } from "./judge.ts"
import { identitiesOf, type JudgeOptions, judgeStage, type OpenJudge, openJudge } from "./open-judge.ts"
import { readVerdicts, type StepVerdicts } from "./verdicts.ts"

export interface NamedJudge {
  judge: string
  options?: JudgeOptions
}

export interface ComparedJudge {
  benchmark: string
  judge: string
  /** Settings that tell it from others of its name, e.g. a threshold. */
  settings: JudgeOptions
  identity: string
  oracle: boolean
  /** Those whose answer has an official score. */
  trajectories: number
  questions: number
  right: number
  /** Every step is good. */
  kept: number
  keptRight: number
  /** P(right | kept), the questions being the sample; absent where nothing is kept. */
  precision?: ScoreEstimate
  /** Share of the right ones that is kept; absent where none is right. */
  recall?: ScoreEstimate
  /** Share of trajectories without a bad step that want a verdict. */
  unscored: ScoreEstimate
}

/** Each judge with each setting that it wants compared, in the order given; verdicts that are not on record are made. */
export async function compareJudges(context: StageContext, judges: readonly NamedJudge[]): Promise<ComparedJudge[]> {
  const trajectories = await readTrajectories(context.directory)
  const official = await officialOutcomes(context, context.directory, trajectories)
  const compared: ComparedJudge[] = []
  for (const { judge: name, settings, options } of judges.flatMap((judge) => withSettings(context, judge))) {
    const judge = openJudge(context, name, options)
    try {
      const verdicts = await verdictsBy(context, judge, trajectories)
      const identities = await identitiesOf(judge, trajectories)
      for (const benchmark of Object.keys(identities)) {
        const these = trajectories.filter(
          (trajectory) => trajectory.benchmark === benchmark && official.has(trajectory.id),
        )
        if (these.length === 0) continue
        compared.push({
          benchmark,
          judge: name,
          settings,
          identity: identities[benchmark]!,
          oracle: judge.oracle,
          ...counted(these, verdicts, official),
        })
      }
    } finally {
      await judge.close()
    }
  }
  return compared.sort((a, b) => (a.benchmark < b.benchmark ? -1 : a.benchmark > b.benchmark ? 1 : 0))
}

/** What is asked for goes before what the judge wants compared. */
function withSettings(
  context: StageContext,
  { judge, options: given = {} }: NamedJudge,
): { judge: string; settings: JudgeOptions; options: JudgeOptions }[] {
  const { compared } = openJudge(context, judge)
  const all = (compared.length > 0 ? compared : [{}]).map((setting) => {
    const options = { ...setting, ...given }
    return {
      judge,
      settings: Object.fromEntries(Object.entries(options).filter(([name]) => name in setting)),
      options,
    }
  })
  return [...new Map(all.map((each) => [canonicalJson(each.options), each])).values()]
}

/** As an evaluation's judges they stand in `run.json` by identity, so that one more setting is never refused. */
async function verdictsBy(
  context: StageContext,
  judge: OpenJudge,
  trajectories: readonly Trajectory[],
): Promise<ReadonlyMap<string, StepVerdicts>> {
  const identities = await identitiesOf(judge, trajectories)
  const run = await openRun(context.directory)
  try {
    await run.register(judgeStage("judge", { ...judge, asksModel: true }, identities))
    const { verdicts: path } = run.paths
    // The command has asked for the unscored once.
    await judgeInto(context, run, judge, { trajectories, identities, path, keepsUnscored: true })
  } finally {
    await run.close()
  }
  return (await readVerdicts(context.directory, trajectories, judge)).verdicts
}

function counted(
  trajectories: readonly Trajectory[],
  verdicts: ReadonlyMap<string, StepVerdicts>,
  official: ReadonlyMap<string, boolean>,
) {
  const rows = trajectories.map(({ id, split, taskId, steps, status }) => {
    const words = steps.map((_, index) => verdicts.get(id)?.[index]?.verdict ?? "unscored")
    const isSound = status !== "error" && steps.length > 0
    return {
      question: `${split} ${taskId}`,
      right: official.get(id) === true,
      kept: isSound && words.every((word) => word === "good"),
      unscored: isSound && !words.includes("bad") && words.includes("unscored"),
    }
  })
  const kept = rows.filter((row) => row.kept)
  const right = rows.filter((row) => row.right)
  const shareOf = (of: typeof rows, what: "right" | "kept" | "unscored"): ScoreEstimate | undefined =>
    of.length === 0
      ? undefined
      : scoreInterval(
          of.map((row) => (row[what] ? 1 : 0)),
          of.map((row) => row.question),
        )
  return {
    trajectories: rows.length,
    questions: new Set(rows.map((row) => row.question)).size,
    right: right.length,
    kept: kept.length,
    keptRight: kept.filter((row) => row.right).length,
    precision: shareOf(kept, "right"),
    recall: shareOf(right, "kept"),
    unscored: shareOf(rows, "unscored")!,
  }
}
