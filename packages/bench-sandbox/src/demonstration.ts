/**
 * Demonstrations for pre-training the embedded policy: conversations of a demonstrator who knows the plan and has, or
 * has not, habits. The environment is handed in as a function, so its turns are those of the real tools.
 * Nothing here is used in evaluation or in training by reinforcement.
 */
import type { Action, Random } from "@swirl-ts/core"
import { settings } from "./benchmark.ts"
import { type Habit, habitTurn, type Past, plannedNext, rightTurn, type Turn } from "./habits.ts"
import { promptText } from "./prompt.ts"
import type { SandboxTask } from "./task.ts"

export * from "./words.ts"

/** The environment's turn after a call or a malformed turn. */
export type Respond = (task: SandboxTask, action: Action) => string | Promise<string>

export interface Manner {
  /** `clean`: always right. `persona`: one habit for the whole conversation. `mixture`: any habit at any step. */
  mode: "clean" | "persona" | "mixture"
  /** Share of personas without a habit. */
  careful: number
  /** How often a persona's habit wins, a step. */
  strength: number
  /** How often a habit wins in a mixture, a step. */
  share: number
  /** Chance of a hasty answer after 0, 1, 2, 3 and more calls. */
  impatience: readonly number[]
  habits: readonly Habit[]
}

export const clean: Manner = { mode: "clean", careful: 1, strength: 0, share: 0, impatience: [], habits: [] }

/** Habits as in pre-training: a hasty answer is one of them. */
export const persona: Manner = {
  mode: "persona",
  careful: 0.35,
  strength: 0.45,
  share: 0,
  impatience: [],
  habits: ["hasty", "repeat", "tags", "copy"],
}

/** Habits as in the last stage: haste comes from impatience, which grows with the number of calls. */
const impatient: Pick<Manner, "impatience" | "habits"> = {
  impatience: [0.1, 0.25, 0.45, 0.65],
  habits: ["repeat", "tags", "copy"],
}
export const impatientPersona: Manner = { ...persona, ...impatient }
export const impatientMixture: Manner = { ...persona, ...impatient, mode: "mixture", share: 0.25 }

export interface Demonstration {
  task: SandboxTask
  /** First user turn. */
  prompt: string
  /** Model turns begin with a space and a thought word: `next` before a call, `so` before an answer. */
  steps: { turn: string; action: Action; reply?: string }[]
}

/** One demonstration; the same for the same task, draw, manner and environment. */
export async function demonstrate(
  task: SandboxTask,
  draw: Random,
  manner: Manner,
  respond: Respond,
): Promise<Demonstration> {
  const habit = manner.mode === "persona" && draw.next() >= manner.careful ? draw.pick(manner.habits) : undefined
  const past: Past[] = []
  const steps: Demonstration["steps"] = []
  for (let step = 0; step < settings[task.domain].toolCalls; step++) {
    const wins = winningHabit(draw, manner, habit, past)
    const { text, action } = wins ? habitTurn(draw, wins, task, past) : rightTurn(task, past)
    const turn = ` ${thought(task, past, action, wins)} ${text}`
    if (action.kind === "answer") {
      steps.push({ turn, action })
      break
    }
    const reply = await respond(task, action)
    steps.push({ turn, action, reply })
    past.push({ action, reply })
  }
  return { task, prompt: promptText(task), steps }
}

function winningHabit(
  draw: Random,
  manner: Manner,
  habit: Habit | undefined,
  past: readonly Past[],
): Habit | undefined {
  const calls = past.filter((step) => step.action.kind === "tool").length
  const haste = manner.impatience[Math.min(calls, manner.impatience.length - 1)] ?? 0
  if (haste > 0 && draw.next() < haste) return "hasty"
  if (manner.mode === "mixture") return draw.next() < manner.share ? draw.pick(manner.habits) : undefined
  return habit && draw.next() < manner.strength ? habit : undefined
}

/** What the demonstrator means to do: `so` when it answers, or would if its habit did not get in the way. */
function thought(task: SandboxTask, past: readonly Past[], action: Turn["action"], habit: Habit | undefined): string {
  if (action.kind === "answer") return "so"
  const over = plannedNext(task, past) === undefined
  return over && habit !== "repeat" ? "so" : "next"
}
