/** What a model really sees first of a benchmark: its first prompt, tools, limits and published numbers. */
import { benchmarkTasks, joinTurns, messageText, SwirlError } from "@swirl-ts/core"
import { cellOf, dataPathOf, describeTask, readPrompting, shownPrompt } from "@swirl-ts/stages"
import type { CommandContext } from "./context.ts"

export interface BenchmarkRequest {
  benchmark: string
  split?: string
  model?: string
  actionFormat: string
  prompt?: string
  shots?: number
}

export type ShownBenchmark = Awaited<ReturnType<typeof showBenchmark>>

export async function showBenchmark(
  context: CommandContext,
  { benchmark: name, split: askedSplit, model, actionFormat: format, prompt: file, shots }: BenchmarkRequest,
) {
  const { registry, host, abortSignal } = context
  const entry = registry.resolve("benchmarks", name)
  const { value: benchmark, fullName } = entry
  const { split } = await cellOf(context, name, askedSplit)
  const prompting = readPrompting({ prompt: file, shots }, host)
  const dataPath = dataPathOf(context, fullName)
  for await (const task of benchmarkTasks(entry, split, { host, limit: 1, shots, dataPath, abortSignal })) {
    const { prompt, tools } = await describeTask(registry, benchmark, task, format, prompting)
    const shown = model ? await shownPrompt(context, model, { prompt, tools, actionFormat: format }) : undefined
    return {
      benchmark: fullName,
      description: benchmark.description,
      split,
      task: task.id,
      prompt,
      tools,
      limits: benchmark.limits,
      characters: prompt.reduce((sum, message) => sum + messageText(message).length, 0),
      tokens: shown?.tokens,
      rendered: shown?.text,
      references: benchmark.references ?? [],
    }
  }
  throw new SwirlError(`${fullName} has no task in split ${split}.`)
}

/** `model`: the one whose template the prompt was written by. */
export function benchmarkLines(shown: ShownBenchmark, model: string | undefined): string[] {
  const { benchmark, description, split, task, prompt, tools, limits, characters, tokens, rendered, references } = shown
  return [
    `${benchmark}, split ${split}, ${task}: ${description}`,
    ...joinTurns(prompt).map((message) => `\n[${message.role}]\n${messageText(message)}`),
    ...(rendered === undefined ? [] : [`\n[as ${model} is shown it]\n${rendered}`]),
    "",
    ...tools.map(
      (tool) => `tool ${tool.name} <${tool.tag.name}>: ${tool.description}\n  ${JSON.stringify(tool.inputSchema)}`,
    ),
    `limits: ${JSON.stringify(limits)}`,
    tokens === undefined
      ? `prompt: ${characters} characters; with --model local:… or llama:… it is shown as the model's template writes it`
      : `prompt: ${characters} characters, ${tokens} tokens with ${model}`,
    ...references.map((r) => `published: ${r.what} ${r.metric} ${r.value} (${r.citation})`),
  ]
}
