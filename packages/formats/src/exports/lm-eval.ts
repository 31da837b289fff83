/**
 * The output folder of lm-evaluation-harness: `<policy>/samples_<task>_<time>.jsonl` as `--log_samples` writes it, a line a
 * scored trajectory, and `results_<time>.json` with the means. What has no score is no sample there, and is counted.
 */
import { createHash } from "node:crypto"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { messageText, slug } from "@swirl-ts/core"
import { onDisk, writeFileAtomic } from "@swirl-ts/kit"
import { cellKey, cellOf, type ExportCell, taskName } from "./cells.ts"
import type { ExportFacts, ExportFormat } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { samplingNotHeld } from "./fields.ts"
import { createLinesFile, type TableFile } from "./files/lines-file.ts"

interface OpenTask {
  cell: ExportCell
  name: string
  file: TableFile
  /** Task id -> `doc_id`. */
  documents: Map<string, number>
  rows: number
  sums: Map<string, { sum: number; n: number }>
}

export const lmEval: ExportFormat = {
  name: "lm-eval",
  description: "lm-evaluation-harness, a folder: samples of scored trajectories and their means",
  destination: "folder",
  strategy: "none",
  needsTasks: true,
  notHeld: [
    ...samplingNotHeld,
    "steps.malformed",
    "steps.finishReason",
    "steps.observation.isError",
    "steps.observation.nothingFound",
    "verdict",
    "acceptedAnswers",
    "usage",
    "error",
  ],
  async write(items, { path, facts }, leftOut) {
    const tasks = new Map<string, OpenTask>()
    for await (const item of items) {
      if (!item.score) leftOut.leaveOut("trajectories without a score")
      else await addSample(item, item.score.metrics, tasks, path, facts)
    }
    for (const { file } of tasks.values()) await file.close()
    for (const [policy, of] of Map.groupBy(tasks.values(), ({ cell }) => cell.policy))
      await writeFileAtomic(
        join(path, slug(policy), `results_${timeOf(facts)}.json`),
        `${JSON.stringify(resultsOf(policy, of, facts), null, 2)}\n`,
      )
    return [...tasks.values()].map(({ name, rows }) => ({ name, rows }))
  },
}

const timeOf = ({ createdAt }: ExportFacts): string => createdAt.replaceAll(":", "-")

async function addSample(
  item: ExportItem,
  metrics: Readonly<Record<string, number>>,
  tasks: Map<string, OpenTask>,
  path: string,
  facts: ExportFacts,
): Promise<void> {
  const cell = cellOf(item.trajectory)
  const task = tasks.get(cellKey(cell)) ?? (await openTask(cell, path, facts))
  tasks.set(cellKey(cell), task)
  const { taskId } = item.trajectory
  const document = task.documents.get(taskId) ?? task.documents.size
  task.documents.set(taskId, document)
  await task.file.write(lmEvalSample(item, metrics, document))
  task.rows++
  for (const [metric, value] of Object.entries(metrics)) {
    const { sum, n } = task.sums.get(metric) ?? { sum: 0, n: 0 }
    task.sums.set(metric, { sum: sum + value, n: n + 1 })
  }
}

async function openTask(cell: ExportCell, path: string, facts: ExportFacts): Promise<OpenTask> {
  const folder = slug(cell.policy)
  await onDisk("write", join(path, folder), () => mkdir(join(path, folder), { recursive: true }))
  const name = `${folder}/samples_${taskName(cell)}_${timeOf(facts)}.jsonl`
  return {
    cell,
    name,
    file: await createLinesFile(join(path, name)),
    documents: new Map(),
    rows: 0,
    sums: new Map(),
  }
}

/** Keys as the harness writes them; a metric stands under its own name, so none may be called as one of them. */
function lmEvalSample(item: ExportItem, metrics: Readonly<Record<string, number>>, documentId: number) {
  const { trajectory, references = [], license } = item
  const { id, taskId, benchmark, split, epoch, policy, question, prompt, steps, answer, status } = trajectory
  const document = { id: taskId, question, answer: references[0] ?? null }
  const asked = prompt.map(messageText).join("\n\n")
  const target = references[0] ?? ""
  return {
    doc_id: documentId,
    doc: { ...document, trajectory_id: id, benchmark, split, epoch, policy, status, license: license ?? null },
    target,
    arguments: { gen_args_0: { arg_0: asked, arg_1: {} } },
    resps: [[steps.map(({ text, observation }) => (observation ? `${text}\n${observation.text}` : text)).join("\n")]],
    filtered_resps: [answer ?? ""],
    filter: "none",
    metrics: Object.keys(metrics),
    doc_hash: sha256(JSON.stringify(document, null, 2)),
    prompt_hash: sha256(asked),
    target_hash: sha256(target),
    ...metrics,
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

function resultsOf(policy: string, tasks: readonly OpenTask[], facts: ExportFacts) {
  const byTask = <T>(value: (task: OpenTask) => T): Record<string, T> =>
    Object.fromEntries(tasks.map((task) => [taskName(task.cell), value(task)]))
  return {
    results: byTask(({ cell, sums }) => ({
      alias: taskName(cell),
      ...Object.fromEntries([...sums].map(([metric, { sum, n }]) => [`${metric},none`, sum / n])),
    })),
    group_subtasks: byTask(() => []),
    configs: byTask(({ cell }) => ({ task: taskName(cell), dataset_path: cell.benchmark, test_split: cell.split })),
    versions: byTask(() => 0),
    "n-shot": byTask(() => 0),
    "n-samples": byTask(({ documents }) => ({ original: documents.size, effective: documents.size })),
    config: { model: "swirl-ts", model_args: policy, model_version: facts.swirlVersion },
    git_hash: facts.gitRevision ?? null,
    date: Date.parse(facts.createdAt) / 1000,
    model_name: policy,
    model_name_sanitized: slug(policy),
  }
}
