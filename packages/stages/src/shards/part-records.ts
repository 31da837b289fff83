/**
 * The records of all shards, looked at once, file by file: what a run folder may hold, and which stage a record is of.
 */
import { EvalSampleSchema, type Temperature, TrajectorySchema } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import { basename, join, readdir } from "@swirl-ts/platform"
import { evaluatedPolicies, runPaths } from "@swirl-ts/store"
import type { Part } from "./part.ts"
import { Gathered, PartReader, type PartRecords, type StageOf } from "./part-reader.ts"
import { cellOfStage } from "./stage-command.ts"

export interface Reading {
  parts: readonly Part[]
  onRecord(): void
}

export async function readPartRecords({ parts, onRecord }: Reading): Promise<PartRecords> {
  const reader = new PartReader(parts, onRecord)
  const at = runPaths("")
  const generated = new Gathered()
  await reader.rollouts(at.trajectories, TrajectorySchema, stagesOfGeneration(parts), generated)
  await reader.verdicts(at.verdicts, generated, "steps")
  const everything = new Gathered(generated)
  for (const policy of await policiesOf(parts)) {
    const evaluated = new Gathered()
    const stages = stagesOfEvaluation(parts, policy)
    for (const name of await filesOf(parts, join("eval", policy))) {
      const path = join("eval", policy, name)
      if (basename(at.evaluation(policy, "").verdicts) === name) continue
      if (name.endsWith(".trajectories.jsonl")) await reader.rollouts(path, TrajectorySchema, stages(name), evaluated)
      else await reader.rollouts(path, EvalSampleSchema, stages(name.replace(/\.jsonl$/, ".trajectories.jsonl")))
    }
    await reader.verdicts(at.evaluation(policy, "").verdicts, evaluated, "some")
    everything.addAll(evaluated)
  }
  await reader.verdicts("outcomes.jsonl", everything, "answers")
  await reader.responses(at.responses, everything)
  await reader.attempts(at.attempts)
  return reader.result()
}

function stagesOfGeneration(parts: readonly Part[]): StageOf {
  const { spec } = parts[0]!
  return ({ benchmark, split }) => {
    const stage = `generate/${benchmark}/${split}`
    return stage in spec ? stage : undefined
  }
}

/** Two temperatures of one benchmark have a file each. */
function stagesOfEvaluation(parts: readonly Part[], policy: string): (trajectories: string) => StageOf {
  const known = new Map<string, string>()
  for (const [stage, settings] of Object.entries(parts[0]!.spec)) {
    if (!stage.startsWith(`eval/${policy}/`)) continue
    const { benchmark, split } = cellOfStage(stage, settings)
    const { trajectories } = runPaths("").evaluation(policy, benchmark, settings.temperature as Temperature | undefined)
    known.set(JSON.stringify([basename(trajectories), benchmark, split]), stage)
  }
  return (trajectories) =>
    ({ benchmark, split }) =>
      known.get(JSON.stringify([trajectories, benchmark, split]))
}

async function policiesOf(parts: readonly Part[]): Promise<string[]> {
  const all = await Promise.all(parts.map(({ directory }) => evaluatedPolicies(directory)))
  return [...new Set(all.flat())].sort()
}

async function filesOf(parts: readonly Part[], folder: string): Promise<string[]> {
  const found = await Promise.all(
    parts.map(async ({ directory }) => {
      try {
        return await readdir(join(directory, folder))
      } catch (error) {
        if (errorCode(error) === "ENOENT") return []
        throw error
      }
    }),
  )
  const names = found.flat().map((name) => name.replace(/\.jsonl\.gz$/, ".jsonl"))
  return [...new Set(names)].filter((name) => name.endsWith(".jsonl")).sort()
}
