/** What stages are asked, from the values of options that several commands have. */
import { type FilterRequest, openJudge, type StageContext } from "@swirl-ts/stages"
import type { ValuesOf } from "./option.ts"
import type { judgeModelOptions, outcomeOptions, taskOptions } from "./tables.ts"

/** What a judge is created with. What is not given is left to the judge, so rule judges get none of it. */
export function judgeOptions({
  judgeModel: model,
  judgeBaseUrl: baseUrl,
  votes,
  template,
  judgeOption,
}: ValuesOf<typeof judgeModelOptions>): Record<string, unknown> {
  return { ...withoutUndefined({ model, baseUrl, votes, template }), ...Object.fromEntries(judgeOption) }
}

/**
 * The judges that a selection goes by. Beside an outcome judge the options of --judge-model are that one's alone, unless
 * the judge of steps asks a model, too.
 */
export function selectionJudges(
  context: StageContext,
  values: { judge: string; noise?: number } & ValuesOf<typeof judgeModelOptions> & ValuesOf<typeof outcomeOptions>,
): Omit<FilterRequest, "strategy"> {
  const { judge, noise, outcomeJudge, outcomeTemplate: template } = values
  const asked = judgeOptions(values)
  const isShared = !outcomeJudge || openJudge(context, judge).asksModel
  return {
    judge,
    judgeOptions: { ...(isShared ? asked : {}), ...withoutUndefined({ noise }) },
    outcomeJudge,
    outcomeOptions: outcomeJudge ? { ...asked, ...withoutUndefined({ template }) } : undefined,
  }
}

/** The tasks that are rolled out, by which model and within which limits. */
export function tasks(values: ValuesOf<typeof taskOptions>) {
  const { model, actionFormat, limit, ids, shard, steps, toolCalls, stepTokens } = values
  const limits = withoutUndefined({ steps, toolCalls, stepTokens })
  return { model, actionFormat, limit, ids, shard, limits: Object.keys(limits).length > 0 ? limits : undefined }
}

/** For options that their receiver checks, or that are hashed: a key without a value is no key. */
const withoutUndefined = <Values extends object>(values: Values): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>
