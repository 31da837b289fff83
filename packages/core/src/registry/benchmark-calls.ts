/** A benchmark's own functions, called so that what is wrong with them is told by the benchmark's name. */
import type { Benchmark, PromptContext, Task } from "../contracts/benchmark.ts"
import type { Corpus } from "../contracts/corpus.ts"
import { SwirlError } from "../errors.ts"
import { type Prompt, PromptSchema } from "../prompts/prompt.ts"
import type { Prompting } from "../prompts/prompting.ts"
import { templatePrompt } from "../prompts/template-prompt.ts"
import { schemaProblem } from "../schema-problem.ts"
import { nearest } from "../suggest.ts"
import { callPlugin, type PluginCall, PluginFailure } from "./plugin-calls.ts"

/** `fullName` as the registry gives it, e.g. `bench-gsm8k/gsm8k`. */
export interface NamedBenchmark<T extends Task = Task> {
  fullName: string
  value: Benchmark<T>
}

/** A benchmark's function as whose it is. */
export const ofBenchmark = ({ fullName }: Pick<NamedBenchmark, "fullName">, what: string): PluginCall => ({
  whose: `Benchmark ${fullName}`,
  what,
})

/** Throws a usage error for a split that the benchmark does not have. */
export function checkSplit(
  { fullName, value }: { fullName: string; value: Pick<Benchmark, "splits"> },
  split: string,
): void {
  if (value.splits.includes(split)) return
  const near = nearest(split, value.splits)
  const meant = near === undefined ? "" : ` Did you mean "${near}"?`
  throw new SwirlError(`Benchmark ${fullName} has no split "${split}".${meant} It has ${value.splits.join(", ")}.`, {
    kind: "usage",
  })
}

/** Throws a usage error where the benchmark cannot show as many worked examples. */
export function checkShots(
  { fullName, value: { mostShots = 0 } }: { fullName: string; value: Pick<Benchmark, "mostShots"> },
  shots: number | undefined,
): void {
  if (shots === undefined || shots <= mostShots) return
  const why =
    mostShots === 0
      ? "has no worked examples to show. Leave --shots out"
      : `has ${mostShots} worked examples to show, and --shots asks for ${shots}. Ask for fewer`
  throw new SwirlError(`Benchmark ${fullName} ${why}.`, { kind: "usage" })
}

/** The conversation that a task begins with, checked; what `prompt` throws names the benchmark. By a user's template where there is one. */
export function firstPrompt<T extends Task>(
  benchmark: NamedBenchmark<T>,
  task: T,
  { template, ...context }: PromptContext & Pick<Prompting, "template">,
): Prompt {
  const ask = (within: PromptContext) => ownPrompt(benchmark, task, within)
  return template ? templatePrompt(template, task, context, ask) : ask(context)
}

function ownPrompt<T extends Task>({ fullName, value }: NamedBenchmark<T>, task: T, context: PromptContext): Prompt {
  const prompt = callPlugin(ofBenchmark({ fullName }, "prompt"), () => value.prompt(task, context))
  const { error } = PromptSchema.safeParse(prompt)
  if (!error) return prompt
  throw new PluginFailure(
    `Benchmark ${fullName}: prompt gave no list of messages: ${schemaProblem(error.issues[0]!, prompt)}. A message is userMessage("text"), of @swirl-ts/core.`,
  )
}

/** The passages of a task, checked; undefined where the benchmark has none. */
export function taskCorpus<T extends Task>({ fullName, value }: NamedBenchmark<T>, task: T): Corpus | undefined {
  if (!value.corpus) return undefined
  const corpus = callPlugin(ofBenchmark({ fullName }, "corpus"), () => value.corpus!(task))
  if (typeof corpus?.id === "string" && typeof corpus.passages === "function") return corpus
  throw new PluginFailure(
    `Benchmark ${fullName}: corpus gave no passages: it should be { id: text, passages: function that gives { title, text } }.`,
  )
}
