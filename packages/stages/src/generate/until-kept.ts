/** Generating until a filter has kept enough (METHOD 3: trainings use a fixed number of kept trajectories). */
import type { StageContext } from "../context.ts"
import { filter } from "../filter/filter.ts"
import { judge } from "../judge/judge.ts"
import { type JudgeOptions, openJudge } from "../judge/open-judge.ts"
import { type GenerateRequest, type GenerateResult, generate } from "./generate.ts"

export interface UntilKeptRequest extends GenerateRequest {
  /** Trajectories wanted after the filter. */
  kept: number
  strategy: string
  judge: string
  judgeOptions?: JudgeOptions
  /** Stop at this many trajectories all the same; default: 40 for each one wanted. */
  atMost?: number
}

/**
 * Generates, judges and filters until enough are kept. Every round asks for more tasks of the same split through the same
 * files, so a round that is there costs nothing.
 */
export async function generateUntilKept(
  context: StageContext,
  request: UntilKeptRequest,
): Promise<GenerateResult & { kept: number; enough: boolean }> {
  const atMost = request.atMost ?? 40 * request.kept
  await checkJudge(context, request)
  const perTask = request.samples * request.benchmarks.length
  let limit = Math.ceil(Math.min(atMost, request.limit ? request.limit * perTask : 2 * request.kept) / perTask)
  for (;;) {
    const result = await generate(context, { ...request, limit })
    await judge(context, { judge: request.judge, options: request.judgeOptions })
    const { kept } = await filter(context, {
      strategy: request.strategy,
      judge: request.judge,
      judgeOptions: request.judgeOptions,
    })
    const enough = kept >= request.kept
    const most = result.trajectories >= atMost || result.trajectories < limit * perTask
    if (enough || most) return { ...result, kept, enough }
    const share = Math.max(kept, 1) / result.trajectories
    const wanted = Math.min(atMost, Math.max(result.trajectories + perTask, Math.ceil((1.05 * request.kept) / share)))
    limit = Math.ceil(wanted / perTask)
    context.host.log(
      `${kept} of ${result.trajectories} kept, ${request.kept} wanted: generating up to ${limit * perTask}`,
    )
  }
}

/** A judge that cannot be made is found before the policy is paid for. */
async function checkJudge(context: StageContext, { judge, judgeOptions, benchmarks }: UntilKeptRequest): Promise<void> {
  const opened = openJudge(context, judge, judgeOptions)
  try {
    for (const benchmark of benchmarks)
      await opened.identity(context.registry.resolve("benchmarks", benchmark).fullName)
  } finally {
    await opened.close()
  }
}
