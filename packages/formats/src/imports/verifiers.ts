/**
 * Traces of verifiers (Prime Intellect), version 1: `traces.jsonl`, an episode a line, whose messages are a graph. Each way from
 * a root to a leaf is a conversation, as it is a training sample there; the rewards are those of the last.
 */
import type { ForeignScore, Losses } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { badFile } from "./bad-file.ts"
import { readContent } from "./content.ts"
import type { ForeignConversation, ForeignMessage, Importer } from "./conversation.ts"
import { type Fields, fieldsOf, idOf, listOf, numberOf, objectsOf, textOf, textsOf } from "./fields.ts"
import { distinctTools, functionTools } from "./function-tools.ts"
import { jsonLines, type PlacedValue } from "./json-file.ts"
import { addLosses, countLoss } from "./losses.ts"
import { otherTool } from "./openai-chat.ts"

const newest = 1
const advice = "Give the traces.jsonl that vf-eval of verifiers 0.4 or newer wrote."

export const verifiers: Importer = {
  name: "verifiers",
  description: "traces of verifiers (Prime Intellect), traces.jsonl",
  endings: ["traces.jsonl", "traces.jsonl.gz"],
  async open(file) {
    return {
      producer: { tool: "verifiers" },
      async *conversations() {
        for await (const placed of jsonLines(file)) yield* episode(file, placed)
      },
    }
  },
}

function* episode(file: string, { value, line }: PlacedValue): Generator<ForeignConversation> {
  const row = fieldsOf(value)
  const refuse = (problem: string, what = advice, id = idOf(row.id)) => badFile({ file, line, id }, problem, what)
  const traces = Array.isArray(row.traces) ? objectsOf(row.traces) : "nodes" in row ? [row] : undefined
  if (!traces) {
    const other = otherTool(row)
    throw refuse(`has no "traces"${other === undefined ? "" : `: it looks like ${other}`}`)
  }
  for (const trace of traces) {
    const id = idOf(trace.id)
    if (!Array.isArray(trace.nodes)) throw refuse('has a trace without "nodes"', advice, id)
    const version = numberOf(trace.version) ?? 1
    if (version > newest)
      throw refuse(
        `is a trace of version ${version}, and versions up to ${newest} are read`,
        "Update swirl-ts, or write it with an older verifiers.",
        id,
      )
    const env = textOf(fieldsOf(row.env).name) ?? textOf(fieldsOf(row.env).id)
    yield* traceConversations(trace, env === "" ? undefined : env, { line }, (problem) => refuse(problem, advice, id))
  }
}

function* traceConversations(
  trace: Fields,
  env: string | undefined,
  place: ForeignConversation["place"],
  refuse: (problem: string) => Error,
): Generator<ForeignConversation> {
  const nodes = objectsOf(trace.nodes)
  const parents = nodes.map(({ parent }) => numberOf(parent))
  const inner = new Set(parents)
  const leaves = nodes.map((_, index) => index).filter((index) => !inner.has(index))
  const calls = objectsOf(trace.calls)
  const task = fieldsOf(trace.task)
  const data = fieldsOf(task.data)
  const sampling = fieldsOf(calls.flatMap(({ sampling: of }) => (isObject(of) ? [of] : []))[0])
  for (const [branch, leaf] of leaves.entries()) {
    const path: number[] = []
    for (let at: number | undefined = leaf; at !== undefined; at = parents[at]) {
      if (at < 0 || at >= nodes.length || path.includes(at))
        throw refuse(`has a node whose parent ${at} is none that comes before it`)
      path.unshift(at)
    }
    const lost: Losses = {}
    const isLast = branch === leaves.length - 1
    const ofNode = new Map(calls.map((call) => [numberOf(call.node), call]))
    const own: Fields[] = path.flatMap((node): readonly Fields[] => objectsOf([ofNode.get(node)]))
    if (!isLast) countLoss(lost, "earlier branches of a trace (conversations of their own, without rewards)")
    else addLosses(lost, wholeTrace(trace))
    const error = textOf(objectsOf(trace.errors).at(-1)?.message)
    const stop = textOf(trace.stop_condition)
    const isLimit = isLast && stop !== undefined && /^(max_|compaction_failed)|timeout/.test(stop)
    yield {
      place,
      id: JSON.stringify([idOf(trace.id), leaf]),
      questions: env ?? textOf(task.type),
      taskId: idOf(data.idx) ?? idOf(data.id) ?? idOf(data.name) ?? idOf(task.key) ?? idOf(task.hash),
      question: questionOf(data),
      references: [data.answer, data.target].flatMap((each) =>
        typeof each === "number" ? [String(each)] : textsOf(each),
      ),
      model: own.flatMap(({ model }) => textOf(model) ?? [])[0] ?? textOf(fieldsOf(fieldsOf(trace.agent).config).model),
      temperature: numberOf(sampling.temperature),
      seed: numberOf(sampling.seed),
      tools: distinctTools([...functionTools(trace.tools), ...functionTools(nodes[path[0]!]?.tools)]),
      messages: path.map((node) => readNode(nodes[node]!, ofNode.get(node), lost)),
      limit: isLimit ? { name: stop, isOfTokens: /token/.test(stop) } : undefined,
      error: isLast && trace.ok !== true && error !== undefined ? error : undefined,
      scores: isLast ? scoresOf(trace) : [],
      usage: usageOf(own),
      producer: { tool: "verifiers", version: textOf(fieldsOf(trace.verifiers).version) },
      lost,
    }
  }
}

const questionOf = ({ question, prompt }: Fields): string | undefined => textOf(question) ?? textOf(prompt)

function readNode(node: Fields, call: Fields | undefined, lost: Losses): ForeignMessage {
  const message = fieldsOf(node.message)
  const { text, thoughts } = readContent(message.content, lost)
  const { role } = message
  if (listOf(node.token_ids).length > 0 && node.sampled === true) countLoss(lost, "token ids of turns")
  if (role === "system" || role === "user") return { role, text }
  if (role === "tool")
    return { role, callId: idOf(message.tool_call_id), name: textOf(message.name), text, isError: false }
  const reasoning = textOf(message.reasoning_content)
  if (listOf(message.provider_state).length > 0) countLoss(lost, "states of providers")
  return {
    role: "assistant",
    text,
    thoughts: [...(reasoning === undefined || reasoning === "" ? [] : [reasoning]), ...thoughts],
    calls: objectsOf(message.tool_calls).map((made) => {
      const given = textOf(made.arguments)
      return {
        id: idOf(made.id),
        name: textOf(made.name) ?? "",
        input: given === undefined ? {} : (parseJson(given) ?? given),
      }
    }),
    isGiven: node.sampled !== true,
    model: textOf(call?.model),
    isCut: call?.finish_reason === "length",
  }
}

function wholeTrace(trace: Fields): Losses {
  const lost: Losses = {}
  countLoss(lost, "errors of earlier tries", Math.max(0, objectsOf(trace.errors).length - (trace.ok === true ? 0 : 1)))
  countLoss(lost, "usage of judges and other calls", listOf(trace.extra_usage).length)
  countLoss(lost, "calls that failed", objectsOf(trace.calls).filter(({ error }) => isObject(error)).length)
  return lost
}

/** Each reward as it was before its weight; the sum of all with their weights is the trace's. */
function scoresOf(trace: Fields): ForeignScore[] {
  const rewards = Object.entries(fieldsOf(trace.rewards)).filter(([, reward]) => isObject(reward))
  const parts = rewards.map(([name, reward]) => {
    const { score, weight } = fieldsOf(reward)
    return { name, score: numberOf(score), weight: numberOf(weight) ?? 1 }
  })
  const sum = parts.reduce((total, { score = 0, weight }) => total + score * weight, 0)
  const metrics = Object.entries(fieldsOf(trace.metrics))
  return [
    ...(parts.length > 0 ? [{ scorer: "reward", value: sum, number: sum }] : []),
    ...parts.map(({ name, score, weight }) => ({ scorer: `reward/${name}`, value: { score, weight }, number: score })),
    ...metrics.map(([name, value]) => ({ scorer: `metric/${name}`, value, number: numberOf(value) })),
  ]
}

function usageOf(calls: readonly Fields[]): ForeignConversation["usage"] {
  const each = calls.map(({ usage }) => fieldsOf(usage))
  const sum = (name: string): number => each.reduce((total, usage) => total + (numberOf(usage[name]) ?? 0), 0)
  if (each.length === 0) return undefined
  return { inputTokens: sum("prompt_tokens") + sum("cached_input_tokens"), outputTokens: sum("completion_tokens") }
}
