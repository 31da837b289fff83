/**
 * The trajectories of a conversation, but for the question that each is of: which benchmark, task and epoch. Invariant: an id
 * follows from what was said and from the log's own id, so reading the same twice gives the same, wherever the file lies.
 */
import { contentHash, type Losses, type Trajectory } from "@swirl-ts/core"
import { policySlug } from "@swirl-ts/store"
import type { ForeignConversation } from "./conversation.ts"
import { type ConversationPart, conversationParts } from "./conversation-steps.ts"

export interface ImportedPart {
  trajectory: Omit<Trajectory, "benchmark" | "split" | "taskId" | "epoch">
  /** The same for the same conversation as it grows. */
  key: string
  turn: number
  /** The last of its conversation, which the log's scores are about. */
  isLast: boolean
  models: string[]
  model: string
  lost: Losses
}

/** `key`: of the conversation. One in which the model said nothing is one trajectory without steps. */
export function importedParts(format: string, conversation: ForeignConversation, key: string): ImportedPart[] {
  const lost: Losses = { ...conversation.lost }
  const found = conversationParts(conversation, lost)
  const parts = found.length > 0 ? found : [nothingSaid(conversation)]
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1
    const model = modelOf(conversation, part)
    const end = isLast ? endOf(conversation, part) : endOf({}, part)
    const { prompt, steps } = part
    const question = (parts.length === 1 ? conversation.question : undefined) ?? part.question
    return {
      trajectory: {
        schema: "swirl.trajectory/1",
        id: contentHash(["imported", format, key, part.turn, model, prompt, steps, end]),
        seed: conversation.seed ?? 0,
        policy: policySlug(model, { identity: "imported" }),
        actionFormat: conversation.actionFormat ?? "native",
        question,
        prompt,
        steps,
        ...end,
        usage: (isLast ? conversation.usage : undefined) ?? { inputTokens: 0, outputTokens: 0 },
      },
      key,
      turn: part.turn,
      isLast,
      model,
      models: part.models.length > 0 ? part.models : [model],
      lost: isLast ? lost : {},
    }
  })
}

function nothingSaid({ messages }: ForeignConversation): ConversationPart {
  const prompt = messages.flatMap((message): Trajectory["prompt"] => {
    if (message.role === "system") return [{ role: "system", content: message.text }]
    return message.role === "user" ? [{ role: "user", content: [{ type: "text", text: message.text }] }] : []
  })
  const asked = messages.findLast(({ role }) => role === "user")
  return { prompt, steps: [], question: asked?.text ?? "", turn: 1, models: [] }
}

/** Turns of several models are the policy of none of them. */
const modelOf = ({ model }: ForeignConversation, { models }: ConversationPart): string =>
  models.length > 1 ? models.toSorted().join(" + ") : (model ?? models[0] ?? "unknown")

type End = Pick<Trajectory, "status" | "answer" | "error">

function endOf(
  { error, limit, answer: given, status }: Pick<Partial<ForeignConversation>, "error" | "limit" | "answer" | "status">,
  { steps, answer: said }: ConversationPart,
): End {
  if (error !== undefined) return { status: "error", error }
  const answer = given ?? said
  if (status && status !== "answered" && status !== "error") return { status }
  const last = steps.at(-1)
  if (answer !== undefined) return { status: "answered", answer }
  if (last === undefined) return { status: "error", error: "the log has no turn of the model" }
  const isOfTokens = limit ? limit.isOfTokens : last.finishReason === "length"
  return { status: isOfTokens ? "token-limit" : "step-limit" }
}

/** Of conversations in one file: by their own id or by what they say, and by how often that was there before. */
export function conversationKeys(format: string): (conversation: ForeignConversation) => string {
  const met = new Map<string, number>()
  return ({ id, messages, model }) => {
    const own = contentHash([format, id ?? [model, messages.map(withoutIds)]])
    const before = met.get(own) ?? 0
    met.set(own, before + 1)
    return before === 0 ? own : `${own}.${before}`
  }
}

/** Ids of calls are names within one conversation. */
function withoutIds(message: ForeignConversation["messages"][number]): unknown {
  if (message.role === "assistant")
    return { ...message, calls: message.calls.map(({ name, input }) => ({ name, input })) }
  return message.role === "tool" ? { ...message, callId: undefined } : message
}
