/**
 * A log folder of Inspect, `inspect view --log-dir <folder>`: one `.eval` archive a policy, benchmark and split. Calls are
 * structured, whatever the action format; verdicts stand in the metadata of the turns they are of. Unscored samples have no score.
 */
import { join } from "node:path"
import { contentHash, slug } from "@swirl-ts/core"
import { cellKey, cellOf, type ExportCell, taskName } from "./cells.ts"
import type { ExportFacts, ExportFormat, LeftOut } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { type Archive, createArchive } from "./files/zip-file.ts"
import { inspectSample, inspectSummary } from "./inspect-sample.ts"

interface OpenLog {
  cell: ExportCell
  name: string
  archive: Archive
  samples: Set<string>
  ids: Set<string>
  epochs: number
  summaries: string[]
  scores: Map<string, { sum: number; scored: number }>
  usage: { input_tokens: number; output_tokens: number; total_tokens: number }
  completed: number
  tools: ExportItem["tools"]
  license?: string
}

export const inspect: ExportFormat = {
  name: "inspect",
  description: "Inspect's logs, a folder: one .eval a policy, benchmark and split",
  destination: "folder",
  strategy: "none",
  needsTasks: true,
  notHeld: ["steps.tokenIds", "steps.logProbabilities", "steps.providerMetadata", "steps.observation.nothingFound"],
  async write(items, { path, facts }, leftOut) {
    const logs = new Map<string, OpenLog>()
    for await (const item of items) await addSample(item, { logs, path, facts, leftOut })
    for (const log of logs.values()) await closeLog(log, facts)
    return [...logs.values()].map(({ name, samples }) => ({ name, rows: samples.size }))
  },
}

async function addSample(
  item: ExportItem,
  { logs, path, facts, leftOut }: { logs: Map<string, OpenLog>; path: string; facts: ExportFacts; leftOut: LeftOut },
): Promise<void> {
  const cell = cellOf(item.trajectory)
  const key = cellKey(cell)
  const log = logs.get(key) ?? openLog(cell, item, path, facts)
  logs.set(key, log)
  const sample = inspectSample(item)
  const file = `samples/${sample.id}_epoch_${sample.epoch}.json`
  if (log.samples.has(file)) {
    leftOut.leaveOut("samples of a task and epoch that is there already, made with other settings")
    return
  }
  log.samples.add(file)
  log.ids.add(sample.id)
  log.epochs = Math.max(log.epochs, sample.epoch)
  await log.archive.add(file, JSON.stringify(sample))
  log.summaries.push(JSON.stringify(inspectSummary(sample)))
  for (const [metric, value] of Object.entries(item.score?.metrics ?? {})) {
    const { sum, scored } = log.scores.get(metric) ?? { sum: 0, scored: 0 }
    log.scores.set(metric, { sum: sum + value, scored: scored + 1 })
  }
  const { inputTokens, outputTokens } = item.trajectory.usage
  log.usage.input_tokens += inputTokens
  log.usage.output_tokens += outputTokens
  log.usage.total_tokens += inputTokens + outputTokens
  if (item.trajectory.status !== "error") log.completed++
}

function openLog(cell: ExportCell, { tools, license }: ExportItem, path: string, facts: ExportFacts): OpenLog {
  const time = facts.createdAt.replaceAll(/[:.]/g, "-")
  const name = `${time}_${taskName(cell)}_${contentHash([facts.runId, cell], 22)}.eval`
  return {
    cell,
    name,
    archive: createArchive(join(path, name), new Date(facts.createdAt)),
    samples: new Set(),
    ids: new Set(),
    epochs: 1,
    summaries: [],
    scores: new Map(),
    usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    completed: 0,
    tools,
    license,
  }
}

async function closeLog(log: OpenLog, facts: ExportFacts): Promise<void> {
  const { archive, cell, samples, ids, epochs, summaries, scores, usage, completed } = log
  // Inspect calls a log whole that has every epoch of every sample; a selection may have fewer.
  const status = samples.size === ids.size * epochs ? "success" : "cancelled"
  const spec = evalSpec(log, facts)
  const plan = { name: "plan", steps: [{ solver: "swirl", params: {}, params_passed: {} }], config: {} }
  const results = {
    total_samples: samples.size,
    completed_samples: completed,
    scores: [...scores].map(([name, { sum, scored }]) => ({
      name,
      scorer: name,
      scored_samples: scored,
      unscored_samples: samples.size - scored,
      params: {},
      metrics: { mean: { name: "mean", value: sum / scored, params: {} } },
    })),
  }
  // When it ended is not on record.
  const stats = { started_at: facts.createdAt, completed_at: "", model_usage: { [cell.policy]: usage }, role_usage: {} }
  await archive.add("_journal/start.json", JSON.stringify({ version: 2, eval: spec, plan }))
  await archive.add("summaries.json", `[${summaries.join(",")}]`)
  await archive.add("header.json", JSON.stringify({ version: 2, status, eval: spec, plan, results, stats }))
  await archive.close()
}

function evalSpec({ cell, tools, license, ids, epochs, scores }: OpenLog, facts: ExportFacts) {
  const id = (what: string): string => contentHash([what, facts.runId, cell], 22)
  return {
    eval_id: id("eval"),
    run_id: contentHash(["run", facts.runId], 22),
    created: facts.createdAt,
    task: taskName(cell),
    task_id: id("task"),
    task_version: 0,
    task_attribs: {},
    task_args: {},
    task_args_passed: {},
    dataset: { name: `${cell.benchmark}/${cell.split}`, samples: ids.size, sample_ids: [...ids], shuffled: false },
    model: slug(cell.policy) === "" ? "unknown" : cell.policy,
    model_generate_config: {},
    model_args: {},
    config: { epochs },
    packages: { "swirl-ts": facts.swirlVersion },
    metadata: { run: facts.runId, git_revision: facts.gitRevision, license: license ?? null, tools },
    scorers: [...scores.keys()].map((name) => ({ name, options: {}, metrics: [{ name: "mean", options: {} }] })),
  }
}
