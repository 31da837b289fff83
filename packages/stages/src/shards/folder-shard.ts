/**
 * What a run folder is a shard of. It stands in the settings of its stages in `run.json`, so that parts cannot be mixed up:
 * a folder holds one shard, and its stages are of the same one.
 */
import { type RunRecord, readShard, type Shard, SwirlError, shardName } from "@swirl-ts/core"
import type { RunSpec, Settings } from "@swirl-ts/store"

/** What a stage of a shard says in `run.json` beside its other settings: which one it is, and how many trajectories it is to hold. */
export const shardSettings = (shard: Shard | undefined, trajectories: number): Settings =>
  shard ? { shard: shardName(shard), trajectories } : {}

/** Stages that hold trajectories of their own: only they are of a shard, others follow. */
const isRollout = (stage: string): boolean => stage.startsWith("generate/") || stage.startsWith("eval/")

export interface ShardedStage {
  stage: string
  settings: Settings
  /** Absent where the stage is whole. */
  shard?: Shard
}

/** The stages of a folder that hold trajectories. */
export function rolloutStages(record: Pick<RunRecord, "spec"> | undefined): ShardedStage[] {
  return Object.entries((record?.spec ?? {}) as RunSpec)
    .filter(([stage]) => isRollout(stage))
    .map(([stage, settings]) => ({
      stage,
      settings,
      shard: typeof settings.shard === "string" ? readShard(settings.shard) : undefined,
    }))
}

/** The shard that a folder is; undefined of a whole one. */
export const folderShard = (record: Pick<RunRecord, "spec"> | undefined): Shard | undefined =>
  rolloutStages(record).find(({ shard }) => shard)?.shard

/** Throws where the folder holds another part of something else: one folder is one shard. `stage` itself is compared by its settings. */
export function checkFolderShard(
  directory: string,
  record: Pick<RunRecord, "spec"> | undefined,
  { stage, shard }: { stage: string; shard: Shard | undefined },
): void {
  const asked = shard && shardName(shard)
  const other = rolloutStages(record).find(
    (each) => each.stage !== stage && (each.shard && shardName(each.shard)) !== asked,
  )
  if (!other) return
  const holds = other.shard ? `shard ${shardName(other.shard)} of "${other.stage}"` : `the whole of "${other.stage}"`
  throw new SwirlError(
    `${directory} holds ${holds}, and ${asked ? `shard ${asked}` : "the whole"} of "${stage}" is no part of that. Give another folder (--run), or the same --shard.`,
    { kind: "usage" },
  )
}
