import { existsSync } from "node:fs"
import { isSwirlError, type Registry, SwirlError } from "@swirl-ts/core"
import { type FoundTrajectory, findTrajectory } from "@swirl-ts/report"
import { actionFormat, dataOptions, modelOptions, promptOptions, runOptions } from "../options/tables.ts"
import { trajectoryDocument, trajectoryLines } from "../render/shown-trajectory.ts"
import { benchmarkLines, type ShownBenchmark, showBenchmark } from "../shown-benchmark.ts"
import { withViewerFacts } from "../viewer-facts.ts"
import { defineCommand } from "./command.ts"

type Shown = { found: FoundTrajectory } | { shown: ShownBenchmark }

/** `swirl show <benchmark>`: what a model really sees first. `swirl show <trajectory>`: what it did, and what was said of it. */
export const command = defineCommand({
  name: "show",
  description: "a benchmark's first prompt, tools, limits and published numbers; or one trajectory of a run folder",
  arguments: { benchmark: { help: "its name; or the id of a trajectory in --run, or how that alone begins" } },
  options: {
    split: { value: "<name>", help: "default: the one that eval takes" },
    ...dataOptions,
    model: { value: "<model>", help: "the prompt as this model's own template writes it, and its tokens" },
    actionFormat,
    ...promptOptions,
    ...modelOptions,
    run: runOptions.run,
  },
  async run(context, asked): Promise<Shown> {
    const { registry, directory } = context
    const { benchmark: name } = asked
    if (registry.has("benchmarks", name)) return { shown: await showBenchmark(context, asked) }
    const found = await withViewerFacts(context, (facts) => findTrajectory(directory, name, facts))
    if (found) return { found }
    throw neither(registry, name, directory)
  },
  document(result) {
    if ("found" in result) return trajectoryDocument(result.found)
    const { description: _, ...document } = result.shown
    return document
  },
  text: (result, { model }) =>
    "found" in result ? trajectoryLines(result.found) : benchmarkLines(result.shown, model),
})

/** What is wrong with the name of a benchmark, which is no trajectory's id either. */
function neither(registry: Registry, name: string, directory: string): unknown {
  try {
    return registry.resolve("benchmarks", name)
  } catch (error) {
    if (!isSwirlError(error) || !existsSync(directory)) return error
    const also = `Nor is it the id of a trajectory in ${directory}; --run names another folder.`
    return new SwirlError(`${error.message} ${also}`, { kind: error.kind, cause: error })
  }
}
