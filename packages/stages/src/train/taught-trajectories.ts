/** What a training is made of, with token ids: trajectories that have none are written as the policy would say them. */
import {
  type ActionFormat,
  type Engine,
  ImportsSchema,
  type LanguageModel,
  type NamedTool,
  type Trajectory,
} from "@swirl-ts/core"
import { hasTokenIds, taughtTrajectory } from "@swirl-ts/runner"
import { readDocument, runPaths } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import type { SourceFolder } from "./followed-selection.ts"

/** The tools of the benchmarks, and those that models were offered in imported trajectories, which no plugin has. */
export async function trainedTools(
  own: readonly NamedTool[],
  sources: readonly SourceFolder[],
  kept: readonly Pick<Trajectory, "benchmark">[],
): Promise<NamedTool[]> {
  const tools = new Map(own.map((tool) => [tool.name, tool]))
  const benchmarks = new Set(kept.map(({ benchmark }) => benchmark))
  for (const { directory } of sources) {
    const imports = await readDocument(runPaths(directory).imports, ImportsSchema)
    for (const [benchmark, questions] of Object.entries(imports?.questions ?? {})) {
      if (!benchmarks.has(benchmark)) continue
      for (const tool of questions.tools)
        if (!tools.has(tool.name)) tools.set(tool.name, { ...tool, tag: { name: tool.name } })
    }
  }
  return [...tools.values()]
}

/** Those that have their ids stay as they are. An engine without token conversations is handed them as they are, too: it says what it lacks. */
export function taughtTrajectories(
  { host }: Pick<StageContext, "host">,
  name: string,
  trajectories: readonly Trajectory[],
  { engine, format, tools }: { engine: Engine; format: ActionFormat; tools: readonly NamedTool[] },
): Trajectory[] {
  const without = trajectories.filter((trajectory) => !hasTokenIds(trajectory))
  // A stranger's engine may have no model to show: its algorithm may ask for none.
  const model = without.length > 0 ? (engine.languageModel() as LanguageModel | undefined) : undefined
  const conversation = model?.conversation
  if (!conversation) return [...trajectories]
  host.log(
    `${name}: ${without.length} of ${trajectories.length} trajectories have no token ids, as another model made them: their turns are written as the policy would say them`,
  )
  return trajectories.map((trajectory) =>
    hasTokenIds(trajectory) ? trajectory : taughtTrajectory(trajectory, conversation, format, tools),
  )
}
