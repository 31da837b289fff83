/**
 * One state and its actions with every number of the update, for a person with a calculator: verdicts, rewards,
 * advantages, the token mask with log π, log π_initial and coefficient, and the loss they add up to.
 * It leaves gradients behind in the engine: use that engine for nothing else.
 */
import { messageText, stepAction, type TrainingContext, turnText } from "@swirl-ts/core"
import { leaveOneOutAdvantages } from "./advantages.ts"
import { conversationOf, type Group } from "./groups.ts"
import type { SwirlSettings } from "./options.ts"
import { policyLoss } from "./policy-loss.ts"
import { textTable } from "./text-table.ts"
import type { TrainingBatch } from "./training-batch.ts"

interface DryRunToken {
  tokenId: number
  text: string
  logProbability: number
  /** null: the update does not use it (β = 0 or the exact KL). */
  initialLogProbability: number | null
  coefficient: number
}

export interface DryRunData {
  state: { id: string; taskId: string; trajectoryId: string; step: number; tokens: number; text: string }
  actions: {
    text: string
    kind: string
    verdict: string
    reason: string
    reward: number | null
    advantage: number | null
  }[]
  /** Distinct scored actions. */
  rows: { count: number; tokens: DryRunToken[] }[]
  normaliser: number
  beta: number
  kl: string
  /** Σ count · KL over the vocabulary; only for the exact KL. */
  exactKl: number | null
  /** From the table above. */
  loss: number
  /** What the engine's forwardBackward returned. */
  engineLoss: number | null
}

export async function dryRun(
  context: TrainingContext,
  group: Group,
  batch: TrainingBatch,
  options: SwirlSettings,
): Promise<{ text: string; data: DryRunData }> {
  const { decode } = conversationOf(context)
  const { state } = group
  const advantages = leaveOneOutAdvantages(
    group.actions.map((sample) => sample.reward),
    options.normalise,
  )
  const result = batch.rows.length > 0 ? await context.engine.forwardBackward(batch.rows, batch.loss) : undefined
  const { normaliser } = batch.loss
  const logProbabilities = result?.logProbabilities ?? []
  const exactKl = result?.exactKl ?? null
  const data: DryRunData = {
    state: {
      id: state.id,
      taskId: state.trajectory.taskId,
      trajectoryId: state.trajectory.id,
      step: state.step,
      tokens: state.promptTokenIds.length,
      text: stateText(group),
    },
    actions: group.actions.map(({ text, action, kind, verdict, reason, reward }, index) => ({
      text: turnText({ text, action }),
      kind,
      verdict,
      reason,
      reward: reward ?? null,
      advantage: advantages[index] ?? null,
    })),
    rows: batch.rows.map((row, r) => ({
      count: row.count ?? 1,
      tokens: row.tokenIds.map((tokenId, t) => ({
        tokenId,
        text: decode([tokenId]),
        logProbability: logProbabilities[r]![t]!,
        initialLogProbability: batch.initial?.[r]?.[t] ?? null,
        coefficient: row.coefficients[t]!,
      })),
    })),
    normaliser,
    beta: options.beta,
    kl: options.kl,
    exactKl,
    loss: result
      ? policyLoss(batch.rows, logProbabilities, normaliser) + (options.beta * (exactKl ?? 0)) / normaliser
      : 0,
    engineLoss: result?.loss ?? null,
  }
  return { text: renderDryRun(data), data }
}

/** The conversation before the action, as the judge sees it. */
function stateText({ state }: Group): string {
  const { trajectory, step } = state
  const turns = trajectory.prompt.map((message) => `${message.role}: ${messageText(message)}`)
  for (const earlier of trajectory.steps.slice(0, step)) {
    turns.push(`model: ${turnText({ text: earlier.text, action: stepAction(earlier) })}`)
    if (earlier.observation) turns.push(`environment: ${earlier.observation.text}`)
  }
  return turns.join("\n")
}

/** The same as text. */
export function renderDryRun(data: DryRunData): string {
  const { state } = data
  const sum = data.rows
    .flatMap((row) => row.tokens)
    .reduce((total, token) => total + token.coefficient * token.logProbability, 0)
  const actions = data.actions.map((action, index) => [
    String(index + 1),
    quote(action.text),
    action.kind,
    action.verdict,
    action.reward === null ? "-" : String(action.reward),
    action.advantage === null ? "left out" : number(action.advantage),
    action.reason,
  ])
  const tokens = data.rows.flatMap((row, r) =>
    row.tokens.map((token, t) => [
      t === 0 ? `${r + 1} (x${row.count})` : "",
      String(token.tokenId),
      quote(token.text),
      number(token.logProbability),
      token.initialLogProbability === null ? "-" : number(token.initialLogProbability),
      number(token.coefficient),
      number(token.coefficient * token.logProbability),
    ]),
  )
  const kl =
    data.exactKl === null
      ? ""
      : ` + beta / N · sum of the exact KL = ${data.beta} / ${data.normaliser} · ${number(data.exactKl)}`
  return [
    `State ${state.id}: task ${state.taskId}, trajectory ${state.trajectoryId}, before step ${state.step}, ${state.tokens} tokens (context only, never trained)`,
    "",
    state.text,
    "",
    `Actions: ${data.actions.length} samples; advantage = reward - mean reward of the other scored samples`,
    textTable(["", "action", "kind", "verdict", "reward", "advantage", "reason"], actions),
    "",
    `Trained tokens: equal actions are one row; beta ${data.beta}, KL as ${data.kl}`,
    "coefficient = sum of advantages - beta · count · sum from here on of (log pi - log pi initial)",
    textTable(["row", "id", "token", "log pi", "log pi initial", "coefficient", "product"], tokens),
    "",
    `loss = -(sum of products) / N${kl} = -(${number(sum)}) / ${data.normaliser}${data.exactKl === null ? "" : " + …"} = ${number(data.loss)}`,
    data.engineLoss === null
      ? "No action was scored: there is no update."
      : `the engine's own loss: ${number(data.engineLoss)}`,
  ].join("\n")
}

const number = (value: number): string => (Object.is(value, -0) ? 0 : value).toFixed(6)
const quote = (text: string): string => JSON.stringify(text)
