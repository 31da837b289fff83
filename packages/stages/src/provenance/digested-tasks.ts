/**
 * The tasks that are asked, read together with what says whether they are those that the folder's records were made from:
 * digests of the benchmark's tasks up to the last one asked, of their first prompts, of the corpora they are searched in (by
 * their ids, which are digests), and of the tools. Of a folder that says no digests yet, the recorded questions and prompts are compared with today's.
 */
import { contentHash, firstPrompt, type RunRecord, type Task, TrajectorySchema, taskCorpus } from "@swirl-ts/core"
import { BrokenFile } from "@swirl-ts/kit"
import { loadToolSchemas, namedTools } from "@swirl-ts/runner"
import { digestsOf, type RunSpec, readRecords, type StageFacts } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { type RolloutSettings, selectTasks, type TaskSelection } from "../rollouts.ts"
import { dataText, taskText } from "./data-text.ts"
import { prefixDigest } from "./prefix-digest.ts"

export interface DigestedTasks {
  tasks: Task[]
  compared: NonNullable<StageFacts["compared"]>
  /** Whether the folder's records are known to be of these tasks. */
  isSameData: boolean
}

export interface DigestRequest {
  settings: RolloutSettings
  selection: TaskSelection
  /** `run.json`, where there is one. */
  record: RunRecord | undefined
  stage: string
  /** The file that the stage's trajectories are in. */
  trajectories: string
}

export async function digestedTasks(context: StageContext, request: DigestRequest): Promise<DigestedTasks> {
  const { settings, selection, record, stage } = request
  const { benchmark, format, prompting, limits, tools: given } = settings
  await loadToolSchemas(given)
  const tools = namedTools(given)
  const before = record ? digestsOf(record, stage) : {}
  const isKnown = (record?.spec as RunSpec | undefined)?.[stage] !== undefined
  const isOld = isKnown && (before.dataset === undefined || before.prompts === undefined)
  const recorded = isOld ? await recordedBeginnings(request) : undefined
  const dataset = prefixDigest(before.dataset)
  const prompts = prefixDigest(before.prompts)
  const corpora = prefixDigest(before.corpora)
  const hasCorpora = benchmark.value.corpus !== undefined && (!isKnown || before.corpora !== undefined)
  const asking = { format, tools, limits: limits ?? benchmark.value.limits, template: prompting?.template }
  const promptOf = (task: Task): string => {
    try {
      return dataText(firstPrompt(benchmark, task, asking))
    } catch {
      // Its trajectory will say why.
      return ""
    }
  }
  const seen = { other: undefined as string | undefined, same: 0, samePrompt: 0 }
  const see = (task: Task): void => {
    const prompt = promptOf(task)
    dataset.add(taskText(task))
    prompts.add(prompt)
    if (hasCorpora) corpora.add(corpusId(benchmark, task))
    const begun = recorded?.get(task.id)
    if (!begun) return
    if (begun.question === task.question) seen.same++
    else seen.other ??= task.id
    if (begun.prompt === undefined || begun.prompt === contentHash(prompt)) seen.samePrompt++
  }
  const upTo = Math.max(dataset.upTo, prompts.upTo, corpora.upTo)
  const tasks = await selectTasks(context, context.directory, benchmark.fullName, selection, {
    upTo,
    shots: prompting?.shots,
    see,
  })
  const toolsNow = contentHash(dataText([tools, benchmark.value.tools]))
  // What nobody has compared is not vouched for.
  const digests: Record<string, string> = {}
  if (!recorded || before.dataset !== undefined || seen.same === recorded.size) digests.dataset = dataset.value()
  if (!recorded || (digests.dataset !== undefined && seen.samePrompt === recorded.size))
    Object.assign(digests, { prompts: prompts.value(), tools: toolsNow })
  if (hasCorpora) digests.corpora = corpora.value()
  const where = `${benchmark.fullName}/${benchmark.split}`
  const differences: string[] = []
  if (seen.other !== undefined)
    differences.push(`as ${seen.other} of ${where} its records were asked another question than the data have now`)
  if (!dataset.agrees())
    differences.push(
      `the data of ${where} are others: its first ${dataset.upTo} tasks had the digest ${before.dataset}, and what is read now has ${dataset.value()}`,
    )
  else if (!prompts.agrees())
    differences.push(
      `the first prompts of ${where} are others (${before.prompts} then, ${prompts.value()} now): its plugin changed`,
    )
  if (hasCorpora && dataset.agrees() && !corpora.agrees())
    differences.push(
      `the passages that ${where} is searched in are others (${before.corpora} then, ${corpora.value()} now), though its questions are the same`,
    )
  if ((before.tools ?? toolsNow) !== toolsNow)
    differences.push(`the tools of ${where} or their options are others (${before.tools} then, ${toolsNow} now)`)
  return {
    tasks,
    compared: { digests, differences },
    isSameData: before.dataset !== undefined && dataset.agrees(),
  }
}

/** What cannot be asked for now is told by the trajectory that searches it. */
function corpusId(benchmark: RolloutSettings["benchmark"], task: Task): string {
  try {
    return taskCorpus(benchmark, task)?.id ?? ""
  } catch (error) {
    if (error instanceof BrokenFile) throw error
    return ""
  }
}

interface Beginning {
  question: string
  /** Hash of the first prompt, where there was one. */
  prompt: string | undefined
}

/** By task, what a stage's trajectories began with. */
async function recordedBeginnings({ settings, trajectories }: DigestRequest): Promise<Map<string, Beginning>> {
  const { fullName, split } = settings.benchmark
  const found = new Map<string, Beginning>()
  for await (const made of readRecords(trajectories, TrajectorySchema)) {
    const { benchmark, taskId, question, prompt, status } = made
    if (benchmark !== fullName || made.split !== split || status === "error" || found.has(taskId)) continue
    found.set(taskId, { question, prompt: prompt.length > 0 ? contentHash(dataText(prompt)) : undefined })
  }
  return found
}
