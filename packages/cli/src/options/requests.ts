/** What stages are asked, from the values of options that several commands have. */
import { SwirlError } from "@swirl-ts/core"
import { type FilterRequest, type NamedJudge, openJudge, readPrompting, type StageContext } from "@swirl-ts/stages"
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

/** `a,b`: of several judges those that ask a model get its options; others could not read them. */
export function namedJudges(
  context: StageContext,
  values: { judge: string; noise?: number } & ValuesOf<typeof judgeModelOptions>,
): NamedJudge[] {
  const names = [...new Set(values.judge.split(",").map((name) => name.trim()))].filter((name) => name !== "")
  const noise = withoutUndefined({ noise: values.noise })
  const asked = judgeOptions(values)
  if (names.length <= 1) return [{ judge: names[0] ?? values.judge, options: { ...asked, ...noise } }]
  const opened = names.map((name) => openJudge(context, name))
  if (Object.keys(asked).length > 0 && !opened.some(({ asksModel }) => asksModel))
    throw new SwirlError(
      `The options ${Object.keys(asked).join(", ")} are those of one judge, and --judge names ${names.length}. Name one.`,
      { kind: "usage" },
    )
  return opened.map(({ name, asksModel }) => ({ judge: name, options: { ...(asksModel ? asked : {}), ...noise } }))
}

/** The tasks that are rolled out, how they are asked, by which model and within which limits. */
export function tasks({ host }: StageContext, values: ValuesOf<typeof taskOptions>) {
  const { model, actionFormat, limit, skip, ids, shard, steps, toolCalls, stepTokens } = values
  const limits = withoutUndefined({ steps, toolCalls, stepTokens })
  return {
    model,
    actionFormat,
    prompting: readPrompting(values, host),
    limit,
    skip,
    ids,
    shard,
    limits: Object.keys(limits).length > 0 ? limits : undefined,
  }
}

/** For options that their receiver checks, or that are hashed: a key without a value is no key. */
export const withoutUndefined = <Values extends object>(values: Values): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>
