/** What stages are asked, from the values of options that several commands have. */
import type { ValuesOf } from "./option.ts"
import type { judgeModelOptions, taskOptions } from "./tables.ts"

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

/** The tasks that are rolled out, by which model and within which limits. */
export function tasks(values: ValuesOf<typeof taskOptions>) {
  const { model, actionFormat, limit, ids, shard, steps, toolCalls, stepTokens } = values
  const limits = withoutUndefined({ steps, toolCalls, stepTokens })
  return { model, actionFormat, limit, ids, shard, limits: Object.keys(limits).length > 0 ? limits : undefined }
}

/** For options that their receiver checks, or that are hashed: a key without a value is no key. */
const withoutUndefined = <Values extends object>(values: Values): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>
