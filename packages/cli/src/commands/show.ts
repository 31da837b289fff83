import { benchmarkTasks, messageText, SwirlError } from "@swirl-ts/core"
import { cellOf, dataPathOf, describeTask, openPolicy } from "@swirl-ts/stages"
import { type Command, Option } from "commander"
import { type CommonOptions, dataOption, openApp, withCommonOptions, withModelOptions } from "../app.ts"

interface ShowOptions extends CommonOptions {
  split?: string
  model?: string
  actionFormat: string
}

/** `swirl show <benchmark>`: what a model really sees first. */
export function registerShow(program: Command): void {
  withModelOptions(
    withCommonOptions(
      program
        .command("show")
        .description("a benchmark's first prompt, tools, limits and published numbers")
        .argument("<benchmark>")
        .addOption(new Option("--split <name>", "default: the one that eval takes"))
        .addOption(dataOption())
        .addOption(new Option("--model <model>", "count tokens with this model's own template"))
        .addOption(new Option("--action-format <name>").default("tags").env("SWIRL_ACTION_FORMAT")),
    ),
  ).action(async (name: string, options: ShowOptions) => {
    const { registry, context, host, output } = await openApp(options)
    const entry = registry.resolve("benchmarks", name)
    const { value: benchmark, fullName } = entry
    const { split } = await cellOf(context, name, options.split)
    const dataPath = dataPathOf(context, fullName)
    for await (const task of benchmarkTasks(entry, split, { host, limit: 1, dataPath })) {
      const { prompt, tools } = describeTask(registry, benchmark, task, options.actionFormat)
      const open = options.model ? await openPolicy(context, options.model) : undefined
      const tokens = open?.model.conversation?.start(prompt).length
      await open?.close?.()
      const characters = prompt.reduce((sum, message) => sum + messageText(message).length, 0)
      output.result(
        {
          benchmark: fullName,
          split,
          task: task.id,
          prompt,
          tools,
          limits: benchmark.limits,
          characters,
          tokens,
          references: benchmark.references ?? [],
        },
        [
          `${fullName}, split ${split}, ${task.id}: ${benchmark.description}`,
          ...prompt.map((message) => `\n[${message.role}]\n${messageText(message)}`),
          "",
          ...tools.map(
            (tool) =>
              `tool ${tool.name} <${tool.tag.name}>: ${tool.description}\n  ${JSON.stringify(tool.inputSchema)}`,
          ),
          `limits: ${JSON.stringify(benchmark.limits)}`,
          tokens === undefined
            ? `prompt: ${characters} characters; with --model local:… or llama:… its tokens are counted`
            : `prompt: ${characters} characters, ${tokens} tokens with ${options.model}`,
          ...(benchmark.references ?? []).map((r) => `published: ${r.what} ${r.metric} ${r.value} (${r.citation})`),
        ],
      )
      return
    }
    throw new SwirlError(`${fullName} has no task in split ${split}.`)
  })
}
