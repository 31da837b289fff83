/**
 * A training as `run.json` registers it: its settings, and digests of the weights that it starts from and of the judge that
 * rewards. What is a digest is compared in place of the string that named it: other weights under the same path are refused,
 * the same ones under another are gone on with.
 */
import { contentHash, MetricSchema } from "@swirl-ts/core"
import { changedLimits } from "@swirl-ts/runner"
import { checkRun, digestsOf, hasRecord, type RunSpec, readRun, runPaths, type StageFacts } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { identitiesOf, type OpenJudge, openJudge } from "../judge/open-judge.ts"
import type { SourceFolder } from "./followed-selection.ts"
import { type EngineRequest, startingWeights } from "./training-engine.ts"
import { readSources, type SelectionRequest } from "./training-selection.ts"

export interface TrainRequest extends SelectionRequest, EngineRequest {
  algorithm: string
  options: Readonly<Record<string, unknown>>
  /** Tasks of a fresh roll-out, taken from the training split after those that trajectories come from; 0 for none. */
  rolloutTasks: number
}

export interface TrainingStage {
  spec: RunSpec
  facts: StageFacts
}

/** `opened`: the judge, and the folders that the training is made of; without it only what was recorded is compared. */
export async function trainingStage(
  context: StageContext,
  request: TrainRequest,
  opened?: { judge: OpenJudge; sources: readonly SourceFolder[] },
): Promise<TrainingStage> {
  const { directory, registry, seed, toolLimits } = context
  const { sources: _sources, tasks: _tasks, outcomeOptions: _options, judgeOptions = {}, ...settings } = request
  const { baseUrl: _address, ...judged } = judgeOptions
  const { tools, ...all } = toolLimits ?? {}
  const { amounts = [] } = registry.resolve("algorithms", request.algorithm).value
  const stage = `train/${request.name}`
  const settled = {
    ...settings,
    judgeOptions: Object.keys(judged).length > 0 ? judged : undefined,
    seed,
    // Of fresh roll-outs; under "" those of every tool.
    toolLimits: request.rolloutTasks > 0 ? changedLimits({ "": all, ...tools }) : undefined,
  }
  const { metrics } = runPaths(directory).training(request.name)
  const hasRecords = () => hasRecord(metrics, MetricSchema)
  const record = await readRun(directory)
  const before = record ? digestsOf(record, stage) : {}
  const now = {
    weights: opened || before.weights !== undefined ? await startingWeights(context, request) : undefined,
    judge: opened && (await judgeDigest(opened)),
  }
  const differences: string[] = []
  if (isOther(before.weights, now.weights))
    differences.push(`the weights under ${request.policy} are others (${before.weights} then, ${now.weights} now)`)
  if (isOther(before.judge, now.judge))
    differences.push(
      `the judge ${request.judge} asks another model or has other settings (${before.judge} then, ${now.judge} now)`,
    )
  const isSame = (name: keyof typeof now): boolean => before[name] !== undefined && before[name] === now[name]
  // Of a training that began before they were written, nobody knows what it began with.
  const isOld = record !== undefined && stage in (record.spec as RunSpec) && (await hasRecords())
  const known = Object.entries(now).filter(([name, digest]) => digest !== undefined && (before[name] ?? !isOld))
  return {
    spec: { [stage]: settled },
    facts: {
      hasRecords,
      compared: { digests: Object.fromEntries(known) as Record<string, string>, differences },
      mayChange: [
        ...amounts.map((name) => `options.${name}`),
        ...(isSame("weights") ? ["policy"] : []),
        ...(isSame("judge") ? ["judgeOptions"] : []),
      ],
    },
  }
}

const isOther = (before: string | undefined, now: string | undefined): boolean =>
  before !== undefined && now !== undefined && before !== now

async function judgeDigest({
  judge,
  sources,
}: {
  judge: OpenJudge
  sources: readonly SourceFolder[]
}): Promise<string> {
  const identities = await identitiesOf(
    judge,
    sources.flatMap(({ trajectories }) => trajectories),
  )
  return contentHash(Object.values(identities).sort())
}

/** Throws, and has written nothing, where the folder's training of that name has other settings, weights or judge. */
export async function checkTraining(context: StageContext, request: TrainRequest): Promise<void> {
  const record = await readRun(context.directory)
  if (!record || !(`train/${request.name}` in (record.spec as RunSpec))) return
  const hasJudge = digestsOf(record, `train/${request.name}`).judge !== undefined
  const judge = hasJudge ? openJudge(context, request.judge, request.judgeOptions) : undefined
  try {
    const opened = judge && { judge, sources: await readSources(context, request) }
    const { spec, facts } = await trainingStage(context, request, opened)
    await checkRun(context.directory, spec, facts)
  } finally {
    await judge?.close()
  }
}
