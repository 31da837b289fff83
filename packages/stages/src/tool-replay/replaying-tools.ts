/** A context whose roll-outs call no tool: a recorded run answers, and offers the tools that are not there. */
import { createRegistry, definePlugin, type RecordedTool, type Registry, type Tool } from "@swirl-ts/core"
import { resolve } from "@swirl-ts/platform"
import { readRun } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { readToolAnswers } from "./recorded-answers.ts"

/** `folder`: a run folder, as it was given. */
export async function replayingTools<C extends StageContext>(context: C, folder: string): Promise<C> {
  const path = resolve(context.host.workingDirectory, folder)
  const toolReplay = await readToolAnswers(path, folder)
  const tools = Object.values((await readRun(path))?.tools ?? {}).flat()
  return { ...context, registry: withRecordedTools(context.registry, tools), toolReplay, replayedFrom: folder }
}

/** Of plugins that are not loaded, what a run was offered of them. */
function withRecordedTools(registry: Registry, tools: readonly RecordedTool[]): Registry {
  const loaded = new Set(registry.plugins.map(({ meta }) => meta.name))
  const missing = Map.groupBy(tools, ({ fullName }) => fullName.split("/", 1)[0]!)
  const stubs = [...missing].flatMap(([plugin, own]) =>
    loaded.has(plugin)
      ? []
      : [
          definePlugin({
            meta: { name: plugin, version: "0.0.0", apiVersion: 1 },
            tools: Object.fromEntries(own.map((tool) => [tool.fullName.slice(plugin.length + 1), asRecorded(tool)])),
          }),
        ],
  )
  if (stubs.length === 0) return registry
  const { plugins, broken, notices } = registry
  return { ...createRegistry([...plugins, ...stubs]), broken, notices }
}

const asRecorded = ({ tag, description, inputSchema, fullName }: RecordedTool): Tool => ({
  description,
  inputSchema: { jsonSchema: inputSchema },
  ...(tag.argument === undefined ? {} : { tag: { name: tag.name, argument: tag.argument } }),
  execute: () => {
    throw new Error(`${fullName} is not here; only what it answered is`)
  },
})
