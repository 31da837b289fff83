/**
 * The judge that a job asks while it trains: the service that `SWIRL_JUDGE_URL` names, which stays when this command ends, or
 * one of this command's own, on loopback.
 */
import { SwirlError, type TrainingJob } from "@swirl-ts/core"
import { resolve } from "@swirl-ts/platform"
import { judgeClient, serveJudge } from "#judge-server"
import type { StageContext } from "../context.ts"
import type { TrainingSelection } from "./training-selection.ts"
import type { TrainRequest } from "./training-stage.ts"

export interface JobJudge {
  judge: NonNullable<TrainingJob["judge"]>
  close(): Promise<void>
}

export async function jobJudge(
  context: StageContext,
  { name, judge, judgeOptions }: TrainRequest,
  { sources }: Pick<TrainingSelection, "sources">,
): Promise<JobJudge> {
  const pythonClient = judgeClient()
  const elsewhere = context.host.environment.SWIRL_JUDGE_URL
  if (elsewhere) return { judge: { url: elsewhere, isAttached: false, pythonClient }, close: async () => {} }
  const [source, ...others] = sources
  if (!source || others.length > 0)
    throw new SwirlError(
      `${name} is trained on the trajectories of ${sources.length} run folders, and a judge is served for one. Generate them into one folder.`,
      { kind: "usage" },
    )
  const served = await serveJudge(
    { ...context, directory: resolve(source.directory) },
    {
      judge,
      judgeOptions,
      host: "127.0.0.1",
      port: 0,
      maxBytes: 2 ** 24,
      arrival: 30,
      batch: 64,
      batchWait: 5,
      queue: 4096,
    },
  )
  return {
    judge: { url: served.url, isAttached: true, pythonClient },
    close: () => served.stop(),
  }
}
