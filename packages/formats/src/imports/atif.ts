/**
 * Trajectories of Harbor in its Agent Trajectory Interchange Format, versions 1.0 to 1.8: a document each (`trajectory.json`), or
 * a line each. What subagents did is a conversation of its own.
 */
import type { Losses } from "@swirl-ts/core"
import { badFile } from "./bad-file.ts"
import { readContent } from "./content.ts"
import type { ForeignConversation, ForeignMessage, Importer } from "./conversation.ts"
import { type Fields, fieldsOf, idOf, numberOf, objectsOf, textOf } from "./fields.ts"
import { functionTools } from "./function-tools.ts"
import { jsonValues, type PlacedValue } from "./json-file.ts"
import { countLoss } from "./losses.ts"
import { otherTool } from "./openai-chat.ts"
import { recordedEnd, recordedTurn } from "./swirl-export.ts"

/** Of version 1. */
const newestMinor = 8
const advice = "Give a trajectory.json of Harbor, or JSON Lines of such documents."

export const atif: Importer = {
  name: "atif",
  description: "trajectories of Harbor (ATIF 1.0 to 1.8), JSON or JSON Lines",
  endings: [".json", ".jsonl", ".jsonl.gz"],
  async open(file) {
    return {
      producer: { tool: "atif" },
      async *conversations() {
        for await (const placed of jsonValues(file, () => true)) yield* conversations(file, placed)
      },
    }
  },
}

function* conversations(file: string, { value, line }: PlacedValue): Generator<ForeignConversation> {
  const trajectory = fieldsOf(value)
  const id = idOf(trajectory.trajectory_id) ?? idOf(trajectory.session_id)
  const refuse = (problem: string, what = advice) => badFile({ file, line, id }, problem, what)
  const version = /^ATIF-v(\d+)\.(\d+)$/.exec(String(trajectory.schema_version))
  if (!version) {
    const other = otherTool(trajectory)
    throw refuse(`has no "schema_version" of ATIF${other === undefined ? "" : `: it looks like ${other}`}`)
  }
  if (Number(version[1]) > 1 || Number(version[2]) > newestMinor)
    throw refuse(
      `is of ${trajectory.schema_version}, and versions up to ATIF-v1.${newestMinor} are read`,
      "Update swirl-ts, or write it in an older version.",
    )
  if (!Array.isArray(trajectory.steps)) throw refuse('has no "steps"')
  yield conversation(trajectory, { line })
  for (const subagent of objectsOf(trajectory.subagent_trajectories))
    yield* conversations(file, { value: { session_id: trajectory.session_id, ...subagent }, line })
}

function conversation(trajectory: Fields, place: ForeignConversation["place"]): ForeignConversation {
  const lost: Losses = {}
  const agent = fieldsOf(trajectory.agent)
  const final = fieldsOf(trajectory.final_metrics)
  const steps = objectsOf(trajectory.steps)
  const isOurs = agent.name === "swirl-ts"
  const messages = steps.flatMap((step) => stepMessages(step, isOurs, lost))
  const sum = (name: string): number =>
    steps.reduce((total, { metrics }) => total + (numberOf(fieldsOf(metrics)[name]) ?? 0), 0)
  const extra = fieldsOf(trajectory.extra)
  if (textOf(trajectory.continued_trajectory_ref)) countLoss(lost, "continuations in another file")
  if (numberOf(final.total_cost_usd) !== undefined) countLoss(lost, "costs in money")
  const own = [trajectory.session_id, trajectory.trajectory_id].flatMap((each) => idOf(each) ?? [])
  return {
    place,
    id: own.length > 0 ? JSON.stringify(own) : undefined,
    questions: textOf(extra.task_set),
    taskId: idOf(extra.task_id) ?? idOf(extra.task_name),
    model: textOf(agent.model_name) ?? steps.flatMap(({ model_name }) => textOf(model_name) ?? [])[0],
    tools: functionTools(agent.tool_definitions),
    messages,
    ...(isOurs
      ? {
          ...recordedEnd(extra),
          error: textOf(extra.error),
          epoch: numberOf(extra.epoch),
          question: textOf(extra.question),
        }
      : {}),
    scores: [],
    usage: {
      inputTokens: numberOf(final.total_prompt_tokens) ?? sum("prompt_tokens"),
      outputTokens: numberOf(final.total_completion_tokens) ?? sum("completion_tokens"),
    },
    license: textOf(extra.license),
    producer: { tool: textOf(agent.name) ?? "atif", version: textOf(agent.version) },
    lost,
  }
}

function stepMessages(step: Fields, isOurs: boolean, lost: Losses): ForeignMessage[] {
  const { source } = step
  const { text, thoughts } = readContent(step.message, lost)
  const results = objectsOf(fieldsOf(step.observation).results)
  if (source === "user" || source === "system") {
    countLoss(lost, "observations of steps that are not the agent's", results.length)
    return [{ role: source, text }]
  }
  if (source !== "agent") {
    countLoss(lost, `steps of the source ${JSON.stringify(source)}`)
    return []
  }
  const metrics = fieldsOf(step.metrics)
  if (Array.isArray(metrics.completion_token_ids)) countLoss(lost, "token ids of turns")
  if (Array.isArray(metrics.logprobs)) countLoss(lost, "log-probabilities of turns")
  if (step.is_copied_context === true) countLoss(lost, "turns that were copied from an earlier trajectory")
  const reasoning = textOf(step.reasoning_content)
  const calls = objectsOf(step.tool_calls).map((call) => ({
    id: idOf(call.tool_call_id),
    name: textOf(call.function_name) ?? "",
    input: call.arguments ?? {},
  }))
  const answered: ForeignMessage[] = results.map((result) => {
    if (Array.isArray(result.subagent_trajectory_ref)) countLoss(lost, "references to subagents")
    return resultMessage(result, calls.length, lost)
  })
  return [
    {
      role: "assistant",
      text,
      thoughts: [...(reasoning === undefined || reasoning === "" ? [] : [reasoning]), ...thoughts],
      calls,
      // What was carried over from an earlier trajectory was sampled there.
      isGiven: step.is_copied_context === true,
      model: textOf(step.model_name),
      recorded: isOurs ? recordedTurn(step.extra) : undefined,
    },
    ...answered,
  ]
}

/** What the environment said to a turn without calls is its reply. */
function resultMessage(result: Fields, calls: number, lost: Losses): ForeignMessage {
  const { text } = readContent(result.content, lost)
  const extra = fieldsOf(result.extra)
  const isError = extra.is_error === true || extra.isError === true
  const callId = idOf(result.source_call_id)
  if (calls === 0) return { role: "user", text, isReply: true }
  return { role: "tool", callId, text, isError }
}
