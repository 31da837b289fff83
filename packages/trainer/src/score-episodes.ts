/** The judge's score of every step of fresh episodes. What cannot be read or was cut off is bad without asking. */
import {
  type Episode,
  type JudgeRequest,
  judgeInput,
  needsJudge,
  rewardOf,
  SwirlError,
  type TrainingContext,
} from "@swirl-ts/core"
import type { Row } from "./row.ts"

export async function scoreEpisodes(
  context: Pick<TrainingContext, "judge">,
  episodes: readonly Episode[],
  rows: readonly Row[],
): Promise<Row[]> {
  const byId = new Map(episodes.map((episode) => [episode.id, episode]))
  const requests: JudgeRequest[] = []
  const scored = rows.map((row) => ({ ...row, score: 0 as number | undefined }))
  const asked: typeof scored = []
  for (const row of scored) {
    const episode = byId.get(row.episodeId!)!
    if (!needsJudge(episode.steps[row.step]!)) continue
    const { taskId, benchmark, split } = episode
    requests.push({ input: judgeInput(episode, row.step), taskId, benchmark, split })
    asked.push(row)
  }
  const verdicts = requests.length > 0 ? await context.judge(requests) : []
  if (verdicts.length !== requests.length) {
    throw new SwirlError(
      `The judge gave ${verdicts.length} verdicts for ${requests.length} steps. It has to give one for each, "unscored" where it fails.`,
    )
  }
  verdicts.forEach((verdict, index) => {
    asked[index]!.score = rewardOf(verdict)
  })
  return scored
}
