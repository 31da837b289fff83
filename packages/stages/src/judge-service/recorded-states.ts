/**
 * The states of a run folder: where a recorded trajectory stood before one of its steps. A trainer elsewhere names one by its
 * row id, `<trajectory id>/<step>`, or by the messages before the action. What names none here is refused, never guessed.
 */
import { contentHash, type JudgeInput, judgeInput, SwirlError, type Trajectory, taskKey } from "@swirl-ts/core"
import { conversationBefore } from "@swirl-ts/runner"
import type { StageContext } from "../context.ts"
import { openFormat } from "../open-format.ts"
import { type ChatMessage, chatText, messagesText } from "./chat-text.ts"

export interface RecordedState {
  trajectory: Trajectory
  step: number
  /** Hash of the question, and of prompt and steps as a judge is shown them: the same state in other trajectories has the same. */
  key: string
}

/** How a request names a state: a row id, or a whole prompt. */
type StateName = string | { trajectoryId: string; step: number } | { messages: readonly ChatMessage[] }

export interface RecordedStates {
  readonly trajectories: readonly Trajectory[]
  /** Throws a usage error for a name that no state of the run folder has. */
  named(name: StateName): RecordedState
}

export function recordedStates(context: StageContext, trajectories: readonly Trajectory[]): RecordedStates {
  const byId = new Map(trajectories.map((trajectory) => [trajectory.id, trajectory]))
  const states = new Map<string, RecordedState>()
  const stateAt = (trajectory: Trajectory, step: number): RecordedState => {
    const row = `${trajectory.id}/${step}`
    const state = states.get(row) ?? { trajectory, step, key: stateKey(trajectory, step) }
    states.set(row, state)
    return state
  }
  let byPrompt: Map<string, RecordedState> | undefined
  const promptIndex = (): Map<string, RecordedState> => {
    const index = new Map<string, RecordedState>()
    for (const trajectory of trajectories) {
      const format = openFormat(context.registry, trajectory.actionFormat)
      trajectory.steps.forEach((_, step) => {
        const text = messagesText(conversationBefore(trajectory, step, format))
        if (!index.has(text)) index.set(text, stateAt(trajectory, step))
      })
    }
    return index
  }
  const at = (row: string, trajectoryId: string, step: number): RecordedState => {
    const trajectory = byId.get(trajectoryId)
    if (!trajectory)
      throw refusal(
        `${shown(row)} names no state of ${context.directory}: it holds no trajectory of that id. Serve the run folder that the rows were made from.`,
      )
    if (step < trajectory.steps.length) return stateAt(trajectory, step)
    throw refusal(
      `${shown(row)} names no state of ${context.directory}: the trajectory has ${trajectory.steps.length} steps, counted from 0.`,
    )
  }
  return {
    trajectories,
    named(name) {
      if (typeof name === "string") {
        const { trajectoryId, step } = readRowId(name)
        return at(name, trajectoryId, step)
      }
      if ("trajectoryId" in name) return at(`${name.trajectoryId}/${name.step}`, name.trajectoryId, name.step)
      byPrompt ??= promptIndex()
      const found = byPrompt.get(chatText(name.messages))
      if (found) return found
      throw refusal(
        `A prompt of ${name.messages.length} messages that begins ${shown(textOf(name.messages[0]))} is that of no state of ${context.directory}. Send its row id, or the messages as they are on record.`,
      )
    },
  }
}

/** What `rowId` makes; the step may also follow a colon or a hash sign. */
function readRowId(text: string): { trajectoryId: string; step: number } {
  const [, trajectoryId, step] = /^(.+)[/:#](\d{1,9})$/.exec(text.trim()) ?? []
  if (trajectoryId !== undefined) return { trajectoryId, step: Number(step) }
  throw refusal(
    `${shown(text)} is no row id. A row id is the id of a trajectory and the index of its step, as 0123456789abcdef/2.`,
  )
}

/** What a judge is shown of a state, and of which question. */
function stateKey(trajectory: Trajectory, step: number): string {
  const { prompt, conversation }: JudgeInput = judgeInput(trajectory, step)
  return contentHash([taskKey(trajectory), prompt, conversation])
}

const textOf = (message: ChatMessage | undefined): string =>
  typeof message?.content === "string" ? message.content : JSON.stringify(message?.content ?? "")
export const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
const refusal = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
