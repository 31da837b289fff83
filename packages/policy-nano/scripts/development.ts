/**
 * Accuracy of a policy on the development split, by a small roll-out of its own: batched generation, the real tools,
 * turns read as strictly as the `tags` format reads them. Test splits are never looked at here.
 */
import {
  createBenchmark,
  type Domain,
  planVerdict,
  promptText,
  type SandboxTask,
  sandboxTask,
} from "@swirl-ts/bench-sandbox"
import type { Respond } from "@swirl-ts/bench-sandbox/demonstration"
import { type Action, seedFrom } from "@swirl-ts/core"
import { generateSequences, type TransformerModel } from "@swirl-ts/transformer"
import { decode, encode, tokenId } from "./nano-tokenizer.ts"

export interface Episode {
  task: SandboxTask
  actions: Action[]
  turns: string[]
  ids: number[]
  /** Where each model turn begins and ends in `ids`. */
  spans: (readonly [number, number])[]
}

export interface Accuracy {
  domain: Domain
  temperature: number
  tasks: number
  accuracy: number
  /** Share of steps that are good by the task's plan. */
  goodSteps: number
  malformed: number
  /** Share of steps that repeat an earlier call. */
  repeated: number
  /** Share of tasks answered before all needed calls were made. */
  early: number
  meanSteps: number
}

const turnPattern = /^\s*(?:(?:next|so) +)?<(math_exp|search_query|answer)> *([^<>]*?) *<\/\1>\s*$/

/** Reads a whole model turn; anything but one call or one answer is malformed. */
export function readTurn(text: string, ended: boolean): Action {
  const match = ended ? turnPattern.exec(text) : null
  if (!match?.[2]) return { kind: "malformed", reason: ended ? "no single call or answer" : "cut off" }
  const query = match[2]
  if (match[1] === "answer") return { kind: "answer", answer: query }
  return match[1] === "math_exp"
    ? { kind: "tool", tool: "calculator", query, input: { expression: query } }
    : { kind: "tool", tool: "search", query, input: { query } }
}

/** Whole episodes for tasks, all at once. Temperature 0 is greedy. */
export async function rollOut(
  model: TransformerModel,
  tasks: readonly SandboxTask[],
  temperature: number,
  seed: number,
  respond: Respond,
): Promise<Episode[]> {
  const episodes: Episode[] = tasks.map((task) => ({
    task,
    actions: [],
    turns: [],
    ids: encode(`<user> ${promptText(task)}<end><model>`),
    spans: [],
  }))
  let running = episodes
  while (running.length > 0) {
    const outputs = generateSequences(
      model,
      running.map((episode) => ({
        promptTokenIds: episode.ids,
        seed: seedFrom("nano development", seed, episode.task.domain, episode.task.id, episode.actions.length),
        maxTokens: createBenchmark(episode.task.domain).limits.stepTokens,
        temperature,
      })),
      { stopTokenIds: [tokenId("<end>")], maxRows: 256, prefillBudget: 16_384 },
    )
    const next: Episode[] = []
    for (const [index, episode] of running.entries()) {
      const { tokenIds, finishReason } = outputs[index]!
      const ended = finishReason === "stop"
      const text = decode(ended ? tokenIds.slice(0, -1) : tokenIds)
      const action = readTurn(text, ended)
      episode.spans.push([episode.ids.length, episode.ids.length + tokenIds.length])
      episode.ids = [...episode.ids, ...tokenIds]
      episode.actions.push(action)
      episode.turns.push(text)
      const { limits } = createBenchmark(episode.task.domain)
      if (action.kind === "answer" || episode.actions.length >= limits.toolCalls) continue
      const reply = await respond(episode.task, action)
      episode.ids = [...episode.ids, ...encode(`${ended ? "" : "<end>"}<user> ${reply}<end><model>`)]
      if (episode.ids.length + limits.stepTokens < limits.trajectoryTokens) next.push(episode)
    }
    running = next
  }
  return episodes
}

export const developmentTasks = (domain: Domain, count: number): SandboxTask[] =>
  Array.from({ length: count }, (_, index) => sandboxTask(domain, "development", index))

export function summarise(domain: Domain, temperature: number, episodes: readonly Episode[]): Accuracy {
  const benchmark = createBenchmark(domain)
  let [right, steps, good, malformed, repeated, early] = [0, 0, 0, 0, 0, 0]
  for (const { task, actions } of episodes) {
    const last = actions.at(-1)!
    right += benchmark.score(task, last.kind === "answer" ? last.answer : undefined).accuracy!
    const calls = new Set<string>()
    for (const [index, action] of actions.entries()) {
      const verdict = planVerdict(task, actions.slice(0, index), action)
      steps += 1
      good += verdict.verdict === "good" ? 1 : 0
      malformed += action.kind === "malformed" ? 1 : 0
      if (action.kind === "answer" && verdict.reason.startsWith("answered with")) early += 1
      if (action.kind !== "tool") continue
      const key = `${action.tool} ${action.query}`
      repeated += calls.has(key) ? 1 : 0
      calls.add(key)
    }
  }
  const tasks = episodes.length
  return {
    domain,
    temperature,
    tasks,
    accuracy: right / tasks,
    goodSteps: good / steps,
    malformed: malformed / steps,
    repeated: repeated / steps,
    early: early / tasks,
    meanSteps: steps / tasks,
  }
}

/** Accuracy on the first `count` development tasks of each domain, greedy and at temperature 1. */
export async function developmentAccuracy(
  model: TransformerModel,
  count: number,
  respond: Respond,
): Promise<Accuracy[]> {
  const results: Accuracy[] = []
  for (const domain of ["calc", "lookup", "mixed"] as const) {
    for (const temperature of [0, 1]) {
      const episodes = await rollOut(model, developmentTasks(domain, count), temperature, 0, respond)
      results.push(summarise(domain, temperature, episodes))
    }
  }
  return results
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
export const accuracyLine = (row: Accuracy): string =>
  `${row.domain} at temperature ${row.temperature}: ${percent(row.accuracy)} right, ${percent(row.goodSteps)} good steps, ` +
  `${percent(row.malformed)} malformed, ${percent(row.repeated)} repeated, ${percent(row.early)} early answers, ${row.meanSteps.toFixed(1)} steps (n = ${row.tasks})`
