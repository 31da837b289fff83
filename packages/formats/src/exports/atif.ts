/**
 * Harbor's Agent Trajectory Interchange Format, version 1.7: a folder, one document a trajectory, `<trajectory id>.json`. What
 * it has no field for stands in its `extra`, so that nothing of a step is lost.
 */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { messageText, type Step, slug } from "@swirl-ts/core"
import { onDisk } from "@swirl-ts/kit"
import { promptCalls, type TurnCall, turnsOf } from "./chat-turns.ts"
import type { ExportFacts, ExportFormat } from "./export-format.ts"
import type { ExportItem, StepVerdict } from "./export-item.ts"
import { openaiTools } from "./step-rows.ts"

export const atif: ExportFormat = {
  name: "atif",
  description: "Harbor's ATIF, a folder: a document a trajectory",
  destination: "folder",
  strategy: "none",
  notHeld: ["steps.providerMetadata"],
  async write(items, { path, facts }, leftOut) {
    const files: { name: string; rows: number }[] = []
    for await (const item of items) {
      const document = atifDocument(item, facts)
      if (document.steps.length === 0) leftOut.leaveOut("trajectories that ended before their first prompt")
      else {
        const name = `${slug(item.trajectory.id)}.json`
        const text = `${JSON.stringify(document)}\n`
        await onDisk("write", join(path, name), () => writeFile(join(path, name), text, { flag: "wx", flush: true }))
        files.push({ name, rows: 1 })
      }
    }
    return files
  },
}

function atifDocument(item: ExportItem, facts: ExportFacts) {
  const { trajectory, tools, license, verdicts } = item
  const { id, taskId, benchmark, split, epoch, seed, policy, actionFormat, question, answer, status, error, usage } =
    trajectory
  const before = promptSteps(item)
  const steps = turnsOf(trajectory).map(({ step, calls }) => agentStep(step, calls, verdicts[step.index]))
  const all = [...before, ...steps].map((step, index) => ({ step_id: index + 1, ...step }))
  return {
    schema_version: "ATIF-v1.7",
    session_id: facts.runId,
    trajectory_id: id,
    agent: {
      name: "swirl-ts",
      version: facts.swirlVersion,
      model_name: policy,
      ...(tools.length > 0 ? { tool_definitions: openaiTools(tools) } : {}),
    },
    steps: all,
    final_metrics: {
      total_prompt_tokens: usage.inputTokens,
      total_completion_tokens: usage.outputTokens,
      total_steps: all.length,
    },
    extra: {
      task_id: taskId,
      benchmark,
      split,
      epoch,
      seed,
      action_format: actionFormat,
      question,
      ...(answer === undefined ? {} : { answer }),
      status,
      ...(error === undefined ? {} : { error }),
      license: license ?? null,
    },
  }
}

/** The first prompt. Turns of worked examples are nobody's work: they are marked as copied. */
function promptSteps({ trajectory }: ExportItem) {
  const steps: Record<string, unknown>[] = []
  for (const message of trajectory.prompt) {
    if (message.role === "tool") {
      const results = message.content.map(({ toolCallId, output }) => ({
        source_call_id: toolCallId,
        content: output.value,
      }))
      const called = steps.at(-1)
      if (called?.tool_calls) called.observation = { results }
      else steps.push({ source: "user", message: results.map(({ content }) => content).join("\n") })
    } else if (message.role === "assistant") {
      const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("")
      steps.push({ source: "agent", message: text, ...withCalls(promptCalls(message)), is_copied_context: true })
    } else steps.push({ source: message.role, message: messageText(message) })
  }
  return steps
}

function agentStep(step: Step, calls: readonly TurnCall[], verdict: StepVerdict | undefined): Record<string, unknown> {
  const {
    index,
    kind,
    text,
    reasoning = [],
    malformed,
    answer,
    finishReason,
    observation,
    tokenIds,
    logProbabilities,
  } = step
  const metrics = {
    ...(tokenIds ? { completion_tokens: tokenIds.length, completion_token_ids: tokenIds } : {}),
    ...(logProbabilities ? { logprobs: logProbabilities } : {}),
    ...(step.contextTokenIds ? { extra: { context_token_ids: step.contextTokenIds, shown: step.shown } } : {}),
  }
  return {
    source: "agent",
    message: text,
    ...(reasoning.length > 0 ? { reasoning_content: reasoning.map((thought) => thought.text).join("\n\n") } : {}),
    ...withCalls(calls),
    ...(observation ? { observation: observationOf(observation, calls) } : {}),
    ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
    llm_call_count: 1,
    extra: { index, kind, query: step.call?.query, malformed, answer, finish_reason: finishReason, judged: verdict },
  }
}

function observationOf({ text, isError, nothingFound }: NonNullable<Step["observation"]>, calls: readonly TurnCall[]) {
  const result = { content: text, extra: { is_error: isError, nothing_found: nothingFound } }
  return {
    results: calls.length === 0 ? [result] : calls.map(({ id }) => ({ source_call_id: id, ...result })),
  }
}

const withCalls = (calls: readonly TurnCall[]) =>
  calls.length === 0
    ? {}
    : { tool_calls: calls.map(({ id, name, input }) => ({ tool_call_id: id, function_name: name, arguments: input })) }
