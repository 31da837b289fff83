/**
 * A dataset folder of Hugging Face, `datasets.load_dataset(<folder>, <benchmark>)`: a Parquet file a benchmark and split, a row a
 * trajectory with all its steps, and a card that says where it is from, who judged and under which licence.
 */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { joinTurns, slug } from "@swirl-ts/core"
import { onDisk, writeFileAtomic } from "@swirl-ts/kit"
import { chatMessages } from "./chat-messages.ts"
import type { ExportFormat } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import type { TableFile } from "./files/lines-file.ts"
import { type Columns, createParquetFile } from "./files/parquet-file.ts"
import { type CardFile, hfCard } from "./hf-card.ts"
import { openaiTools } from "./step-rows.ts"
import { messagesColumn } from "./verl.ts"

const stepColumns: Columns = {
  index: "integer",
  kind: "string",
  text: "string",
  reasoning: "string",
  tool: "string",
  input: "json",
  query: "string",
  answer: "string",
  malformed: "string",
  observation: "string",
  is_error: "boolean",
  nothing_found: "boolean",
  finish_reason: "string",
  context_token_ids: { list: "integer" },
  token_ids: { list: "integer" },
  log_probabilities: { list: "number" },
  verdict: "string",
  score: "number",
  reason: "string",
  judge: "string",
}

const columns: Columns = {
  trajectory_id: "string",
  task_id: "string",
  benchmark: "string",
  split: "string",
  epoch: "integer",
  seed: "integer",
  policy: "string",
  action_format: "string",
  question: "string",
  messages: messagesColumn,
  tools: "json",
  steps: { list: { fields: stepColumns } },
  answer: "string",
  references: { list: "string" },
  status: "string",
  error: "string",
  primary_metric: "string",
  metrics: "json",
  input_tokens: "integer",
  output_tokens: "integer",
  license: "string",
}

interface OpenSplit extends CardFile {
  file: TableFile
}

export const hf: ExportFormat = {
  name: "hf",
  description: "a dataset folder of Hugging Face: Parquet, a row a trajectory, with a card",
  destination: "folder",
  strategy: "none",
  needsTasks: true,
  notHeld: ["steps.providerMetadata"],
  async write(items, { path, facts }) {
    const splits = new Map<string, OpenSplit>()
    const policies = new Set<string>()
    const judges = new Set<string>()
    for await (const item of items) {
      const { benchmark, split, policy } = item.trajectory
      const key = JSON.stringify([benchmark, split])
      const open = splits.get(key) ?? (await openSplit(item, path))
      splits.set(key, open)
      await open.file.write(hfRow(item))
      open.rows++
      policies.add(policy)
      for (const verdict of item.verdicts) if (verdict) judges.add(verdict.judge)
    }
    const files = [...splits.values()]
    for (const { file } of files) await file.close()
    const card = hfCard({ files, policies: [...policies], judges: [...judges], facts })
    await writeFileAtomic(join(path, "README.md"), card)
    return files.map(({ name, rows }) => ({ name, rows }))
  },
}

async function openSplit({ trajectory, license }: ExportItem, path: string): Promise<OpenSplit> {
  const { benchmark, split } = trajectory
  const folder = slug(benchmark)
  await onDisk("write", join(path, folder), () => mkdir(join(path, folder), { recursive: true }))
  const name = `${folder}/${slug(split)}.parquet`
  return { benchmark, split, license, name, rows: 0, file: await createParquetFile(join(path, name), columns) }
}

function hfRow(item: ExportItem) {
  const { trajectory, messages, requestTools, verdicts, references, score, license } = item
  const { id, taskId, benchmark, split, epoch, seed, policy, actionFormat, question, answer, status, error, usage } =
    trajectory
  return {
    trajectory_id: id,
    task_id: taskId,
    benchmark,
    split,
    epoch,
    seed,
    policy,
    action_format: actionFormat,
    question,
    messages: chatMessages(joinTurns(messages)),
    tools: openaiTools(requestTools),
    steps: trajectory.steps.map((step, index) => ({
      index: step.index,
      kind: step.kind,
      text: step.text,
      reasoning: step.reasoning?.map((thought) => thought.text).join("\n\n"),
      tool: step.call?.tool,
      input: step.call?.input,
      query: step.call?.query,
      answer: step.answer,
      malformed: step.malformed,
      observation: step.observation?.text,
      is_error: step.observation?.isError,
      nothing_found: step.observation?.nothingFound,
      finish_reason: step.finishReason,
      context_token_ids: step.contextTokenIds,
      token_ids: step.tokenIds,
      log_probabilities: step.logProbabilities,
      ...verdictColumns(verdicts[index]),
    })),
    answer,
    references,
    status,
    error,
    primary_metric: score?.primaryMetric,
    metrics: score?.metrics,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    license,
  }
}

const verdictColumns = (verdict: ExportItem["verdicts"][number]) =>
  verdict && { verdict: verdict.verdict, score: verdict.score, reason: verdict.reason, judge: verdict.judge }
