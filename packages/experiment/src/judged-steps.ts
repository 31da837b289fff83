/**
 * The share of steps that the experiment's judge calls good, over the first questions of each cell, as many as the experiment has
 * judged. Read from the verdicts beside the evaluations; a step without a verdict, or with one that is unscored, has no part in it.
 */
import { type CellResult, type EvalSample, isSwirlError } from "@swirl-ts/core"
import { openJudge, readEvaluatedVerdicts, type StageContext } from "@swirl-ts/stages"
import { type Asked, judgedOf } from "./asked-ids.ts"
import type { ExperimentCell } from "./cells.ts"
import { type Experiment, judgeOf } from "./experiment.ts"

type GoodSteps = (cell: ExperimentCell, samples: readonly EvalSample[]) => CellResult["goodSteps"]

export interface JudgedSteps {
  /** Of the evaluation in one folder `eval/<policy>`, by the judge as it is with the evaluation's seed. */
  in(folder: string, seed: number): Promise<GoodSteps>
}

/** Undefined where no steps are judged. */
export function judgedSteps(context: StageContext, experiment: Experiment, asked: Asked): JudgedSteps | undefined {
  if (experiment.evaluation.judged === undefined) return undefined
  const bySeed = new Map<number, Promise<ReadonlyMap<string, string>>>()
  const goodSteps = async (folder: string, seed: number): Promise<GoodSteps> => {
    const known = bySeed.get(seed) ?? judgeIdentities({ ...context, seed }, experiment, asked)
    bySeed.set(seed, known)
    const identities = await known
    const verdicts = await readEvaluatedVerdicts(folder)
    return (cell, samples) => {
      const questions = judgedOf(asked.get(cell)!, experiment)
      const said = samples
        .filter(({ taskId }) => questions.has(taskId))
        .flatMap(({ trajectoryId }) => verdicts.get(trajectoryId) ?? [])
        .filter(({ judge, verdict }) => judge === identities.get(cell.benchmark) && verdict !== "unscored")
      const good = said.filter(({ verdict }) => verdict === "good").length
      return said.length > 0 ? { share: good / said.length, n: said.length } : undefined
    }
  }
  return {
    in: (folder, seed) =>
      goodSteps(folder, seed).catch((error: unknown) => {
        if (!isSwirlError(error)) throw error
        context.host.log(`The judged steps of ${folder} are left out: ${error.message}`)
        return () => undefined
      }),
  }
}

/** As verdicts name the experiment's judge, by benchmark. */
async function judgeIdentities(
  context: StageContext,
  experiment: Experiment,
  asked: Asked,
): Promise<Map<string, string>> {
  const { judge, options } = judgeOf(experiment)
  const opened = openJudge(context, judge, options)
  try {
    const identities = new Map<string, string>()
    for (const { benchmark } of asked.keys()) identities.set(benchmark, await opened.identity(benchmark))
    return identities
  } finally {
    await opened.close()
  }
}
