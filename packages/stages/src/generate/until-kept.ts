/** Generating until a filter has kept enough (METHOD 3: trainings use a fixed number of kept trajectories). */
import { SwirlError } from "@swirl-ts/core"
import { checkRun } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { filter } from "../filter/filter.ts"
import { judge } from "../judge/judge.ts"
import { identitiesOf, type JudgeOptions, judgeStage, openJudge } from "../judge/open-judge.ts"
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
 * Generates, judges and filters until enough are kept, on no more tasks a benchmark than `limit`. Every round asks for more
 * tasks of the same split through the same files, so a round that is there costs nothing.
 */
export async function generateUntilKept(
  context: StageContext,
  request: UntilKeptRequest,
): Promise<GenerateResult & { kept: number; enough: boolean }> {
  if (request.shard)
    throw new SwirlError(
      "How many are kept is known of all shards together, so --until-kept does not go with --shard. Generate the shards with a --limit, and filter what swirl merge makes of them.",
      { kind: "usage" },
    )
  const atMost = request.atMost ?? 40 * request.kept
  await checkJudge(context, request)
  const perTask = request.samples * request.benchmarks.length
  const mostTasks = Math.min(request.limit ?? Number.POSITIVE_INFINITY, Math.ceil(atMost / perTask))
  let limit = Math.min(mostTasks, Math.ceil((2 * request.kept) / perTask))
  for (let before = -1; ; ) {
    const result = await generate(context, { ...request, limit })
    await judge(context, { judge: request.judge, options: request.judgeOptions })
    const { kept } = await filter(context, {
      strategy: request.strategy,
      judge: request.judge,
      judgeOptions: request.judgeOptions,
    })
    const { trajectories } = result
    const enough = kept >= request.kept
    const why =
      limit >= mostTasks ? whoSaysSo(request, atMost) : trajectories === before ? "there are no more tasks" : ""
    if (!enough && why) context.host.log(`${kept} of ${trajectories} kept, ${request.kept} wanted: ${why}.`)
    if (enough || why) return { ...result, kept, enough }
    const share = Math.max(kept, 1) / trajectories
    const wanted = Math.max(trajectories + perTask, Math.ceil((1.05 * request.kept) / share))
    before = trajectories
    limit = Math.min(mostTasks, Math.max(limit + 1, Math.ceil(wanted / perTask)))
    context.host.log(`${kept} of ${trajectories} kept, ${request.kept} wanted: generating up to ${limit * perTask}`)
  }
}

/** Which limit there is no going beyond. */
const whoSaysSo = ({ limit, samples, benchmarks }: UntilKeptRequest, atMost: number): string =>
  limit !== undefined && limit * samples * benchmarks.length <= atMost
    ? `--limit ${limit} allows no more tasks`
    : `--at-most ${atMost} allows no more`

/** A judge that cannot be made, or not go on here, is found before the policy is paid for. */
async function checkJudge(context: StageContext, { judge, judgeOptions, benchmarks }: UntilKeptRequest): Promise<void> {
  const opened = openJudge(context, judge, judgeOptions)
  try {
    const named = benchmarks.map((benchmark) => ({
      benchmark: context.registry.resolve("benchmarks", benchmark).fullName,
    }))
    await checkRun(context.directory, judgeStage("judge", opened, await identitiesOf(opened, named)))
  } finally {
    await opened.close()
  }
}
