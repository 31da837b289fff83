/**
 * A roll-out as it is planned: its settings, its tasks, and the stage that `run.json` will have, checked against what the
 * folder holds. A plan writes nothing, so all plans of a command are made before its first record.
 */
import {
  askedTools,
  type Maker,
  type OpenModel,
  promptingDifferences,
  type RecordedTool,
  type RunRecord,
  recordedPrompting,
  type Task,
  type Temperature,
} from "@swirl-ts/core"
import { namedTools } from "@swirl-ts/runner"
import { checkRun, type RunSpec, readRun, type StageFacts } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import {
  type RolloutRequest,
  type RolloutSettings,
  rolloutSettings,
  rolloutSpec,
  type TaskSelection,
} from "../rollouts.ts"
import { checkFolderShard, shardSettings } from "../shards/folder-shard.ts"
import { digestedTasks } from "./digested-tasks.ts"
import { otherMaker, rolloutMaker } from "./maker.ts"
import { hasMoved } from "./policy-name.ts"

export interface RolloutPlan {
  /** The one stage that is registered. */
  stage: string
  opened: OpenModel
  settings: RolloutSettings
  tasks: Task[]
  spec: RunSpec
  facts: StageFacts
  provenance: Provenance
  /** What is to be said before its records are gone on with. */
  notice: string | undefined
}

/** What a number stands for, beside its records. */
export interface Provenance extends Maker {
  /** Of dataset, first prompts and tools; a list's is `<how many>:<digest>`. */
  digests: Readonly<Record<string, string>>
  /** Who made earlier records of the number, where with another version or text of a plugin. */
  earlier?: readonly Maker[]
}

export interface PlanRequest extends Omit<RolloutRequest, "model" | "policy" | "sampling">, TaskSelection {
  model: string
  temperature: Temperature
  /** Trajectories a task, as `run.json` has it: `samples`, or `epochs`. */
  amount: Readonly<Record<string, number>>
}

/** Where the stage's records are; the policy's name in them. */
export interface PlannedStage {
  stage: string
  policy: string
  /** The file of its trajectories. */
  trajectories: string
  hasRecords(): Promise<boolean>
  /** Compared as they are. */
  digests?: Readonly<Record<string, string>>
}

/** Throws a usage error where the folder's records are of other settings, data, prompts or tools. */
export async function planRollout(
  context: StageContext,
  request: PlanRequest,
  opened: OpenModel,
  stageOf: (
    record: RunRecord | undefined,
    benchmark: RolloutSettings["benchmark"],
  ) => PlannedStage | Promise<PlannedStage>,
): Promise<RolloutPlan> {
  const { model, temperature, amount } = request
  const samples = Object.values(amount)[0] ?? 1
  const draft = rolloutSettings(context, { ...request, model: opened, policy: "", sampling: { temperature } })
  const { benchmark } = draft
  const record = await readRun(context.directory)
  const { stage, policy, trajectories, hasRecords, digests } = await stageOf(record, benchmark)
  const settings = { ...draft, policy }
  checkFolderShard(context.directory, record, { stage, shard: request.shard })
  const selection = { ...request, split: benchmark.split }
  const {
    tasks,
    compared: found,
    isSameData,
  } = await digestedTasks(context, {
    settings,
    selection,
    record,
    stage,
    trajectories,
  })
  const before = (record?.spec as RunSpec | undefined)?.[stage]
  const otherwise = before ? promptingDifferences(recordedPrompting(before), request.prompting) : []
  // Other prompts, and examples in the tasks, follow from it.
  const compared = otherwise.length > 0 ? { ...found, differences: otherwise } : found
  const maker = await rolloutMaker(context, { ...request, benchmark: benchmark.fullName })
  const facts: StageFacts = {
    digests,
    compared,
    hasRecords,
    // Compared above, in words.
    mayChange: [
      "prompt",
      "shots",
      ...(hasMoved(before, { model, opened }) ? ["model"] : []),
      ...(isSameData ? ["dataPath"] : []),
    ],
    maker,
    tools: recordedTools(context, settings),
  }
  const spec = {
    [stage]: {
      ...rolloutSpec(context, request, { model, policy: opened, settings }),
      ...amount,
      ...shardSettings(request.shard, tasks.length * samples),
    },
  }
  await checkRun(context.directory, spec, facts)
  const makers = before && (await hasRecords()) ? (record?.makers?.[stage] ?? []) : []
  const notice = otherMaker(stage, makers.at(-1), maker)
  const others = makers.filter((each) => otherMaker(stage, each, maker))
  const earlier = others.length > 0 ? others : undefined
  return {
    stage,
    opened,
    settings,
    tasks,
    spec,
    facts,
    notice,
    provenance: { ...maker, digests: compared.digests, earlier },
  }
}

function recordedTools({ registry }: StageContext, { benchmark, tools }: RolloutSettings): RecordedTool[] {
  const asked = new Map(askedTools(registry, benchmark.value).map(({ name, fullName }) => [name, fullName]))
  return namedTools(tools).map(({ name, tag, description, inputSchema }) => ({
    name,
    fullName: asked.get(name) ?? name,
    tag,
    description,
    inputSchema: inputSchema as Record<string, unknown>,
  }))
}
