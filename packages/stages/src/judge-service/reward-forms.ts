/**
 * What trainers send when they ask for rewards, and what they are answered: our own form, which the Python functions of
 * `swirl judge client` send, and those that OpenRLHF and slime have built in. Each says "no verdict" by the means it has.
 */
import { rowId, SwirlError, schemaProblem } from "@swirl-ts/core"
import { type ZodType, z } from "zod"
import { ChatMessageSchema } from "./chat-text.ts"
import { afterPrompt } from "./fresh-action.ts"
import type { AskedAction, GivenVerdict } from "./judge-service.ts"
import { type RecordedState, type RecordedStates, shown } from "./recorded-states.ts"

export interface RewardForm {
  /** Throws a usage error that says what is wrong with the body. */
  read(body: unknown, states: RecordedStates): AskedAction[]
  /** JSON, or what the form's own reader takes for it. */
  write(verdicts: readonly GivenVerdict[]): string
}

/** Of a turn; a reasoning model's thoughts included. Longer ones are no step that anything here was trained on. */
const longestCompletion = 131_072

const CompletionSchema = z.string().max(longestCompletion, `it is longer than ${longestCompletion} characters`)
const TurnSchema = ChatMessageSchema.extend({
  role: z.literal("assistant", "a completion is a turn of the assistant"),
  content: z.union([CompletionSchema, ChatMessageSchema.shape.content.unwrap().options[1], z.null()]).optional(),
})
const PromptSchema = z.union([z.string(), z.array(ChatMessageSchema).min(1)])

const OwnSchema = z.object({
  actions: z
    .array(
      z.object({
        row_id: z.string().optional(),
        trajectory_id: z.string().optional(),
        step_index: z.int().nonnegative().optional(),
        prompt: PromptSchema.optional(),
        completion: z.union([CompletionSchema, TurnSchema, z.array(TurnSchema)]),
        truncated: z.boolean().optional(),
      }),
    )
    .min(1),
})
type OwnAction = z.infer<typeof OwnSchema>["actions"][number]

/** `{ actions: [{ row_id, completion }] }` -> `{ rewards: [1, null], verdicts, no_verdict }`; null: no verdict. */
const own: RewardForm = {
  read: (body, states) =>
    checked(OwnSchema, body).actions.map((action, index) => {
      const where = `actions.${index}`
      const { completion, truncated } = action
      return { state: stateOf(action, states, where), completion: { turn: oneTurn(completion, where), truncated } }
    }),
  write: (verdicts) =>
    JSON.stringify({
      rewards: verdicts.map(({ reward }) => reward ?? null),
      verdicts: verdicts.map(({ verdict, score, reason, kind, cached }) => ({ verdict, score, reason, kind, cached })),
      no_verdict: verdicts.filter(({ reward }) => reward === undefined).length,
    }),
}

function stateOf(action: OwnAction, states: RecordedStates, where: string): RecordedState {
  const { row_id: row, trajectory_id: trajectoryId, step_index: step, prompt } = action
  if (row !== undefined) return states.named(row)
  if (trajectoryId !== undefined && step !== undefined) return states.named({ trajectoryId, step })
  if (prompt !== undefined) return named(states, prompt)
  throw refusal(`${where} names no state: it has neither "row_id", nor "trajectory_id" and "step_index", nor "prompt".`)
}

function oneTurn(completion: OwnAction["completion"], where: string) {
  if (!Array.isArray(completion)) return completion
  const [turn] = completion
  if (completion.length === 1 && turn) return turn
  throw refusal(
    `${where} has a completion of ${completion.length} messages. An action is one turn of the assistant: one message, or its text.`,
  )
}

/** A text is the one message of a user. */
const named = (states: RecordedStates, prompt: z.infer<typeof PromptSchema>): RecordedState =>
  states.named({ messages: typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt })

const rowLike = /^\s*\S+[/:#]\d{1,9}\s*$/

/** The row id that stands in the label, else what the prompt is. */
function labelled(states: RecordedStates, label: unknown, prompt: z.infer<typeof PromptSchema>): RecordedState {
  return typeof label === "string" && rowLike.test(label) ? states.named(label) : named(states, prompt)
}

const OpenrlhfSchema = z.object({
  query: z.array(z.string()).min(1),
  prompts: z.array(PromptSchema),
  labels: z.array(z.unknown()),
})

/**
 * `{ query, prompts, labels }` -> `{ rewards, scores, extra_logs }`. Where nothing has a verdict, `rewards` is null and the
 * scores are NaN, as Python writes it: with dynamic filtering OpenRLHF drops the prompt and takes another, without it stops.
 */
const openrlhf: RewardForm = {
  read(body, states) {
    const { query, prompts, labels } = checked(OpenrlhfSchema, body)
    if (prompts.length !== query.length || labels.length !== query.length)
      throw refusal(
        `"query" has ${query.length} entries, "prompts" ${prompts.length} and "labels" ${labels.length}. They belong together one by one.`,
      )
    return query.map((text, index) => {
      const state = labelled(states, labels[index], prompts[index]!)
      const prompt = prompts[index]!
      const turn = typeof prompt === "string" ? afterPrompt(text, prompt) : undefined
      if (turn === undefined)
        throw refusal(
          `query.${index} (row ${rowId(state.trajectory.id, state.step)}) does not begin with its prompt, so nobody can say what the action is. Was the prompt cut at the maximum length?`,
        )
      return { state, completion: { turn: checked(CompletionSchema, turn) } }
    })
  },
  write(verdicts) {
    const number = (reward: number | undefined): string => (reward === undefined ? "NaN" : JSON.stringify(reward))
    const rewards = verdicts.every(({ reward }) => reward === undefined)
      ? "null"
      : JSON.stringify(verdicts.map(({ reward }) => reward ?? null))
    const scores = verdicts.map(({ reward }) => number(reward)).join(", ")
    const without = verdicts.map(({ reward }) => (reward === undefined ? 1 : 0))
    return `{"rewards": ${rewards}, "scores": [${scores}], "extra_logs": {"no_verdict": ${JSON.stringify(without)}}}`
  },
}

const SlimeSchema = z.object({ prompt: PromptSchema, response: CompletionSchema, label: z.unknown().optional() })

/** `{ prompt, response, label }` -> a number, or null, with which slime stops unless a filter drops the sample. */
const slime: RewardForm = {
  read(body, states) {
    const { prompt, response, label } = checked(SlimeSchema, body)
    return [{ state: labelled(states, label, prompt), completion: { turn: response } }]
  },
  write: ([verdict]) => JSON.stringify(verdict!.reward ?? null),
}

/** By the path of a POST. */
export const rewardForms: Readonly<Record<string, RewardForm>> = {
  "/judge": own,
  "/openrlhf": openrlhf,
  "/slime": slime,
}

function checked<S extends ZodType>(schema: S, body: unknown): z.infer<S> {
  const { data, error } = schema.safeParse(body)
  if (error) throw refusal(`The request cannot be read: ${shorten(schemaProblem(error.issues[0]!, body))}.`)
  return data as z.infer<S>
}

const shorten = (text: string): string => (text.length > 300 ? shown(text) : text)
const refusal = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
