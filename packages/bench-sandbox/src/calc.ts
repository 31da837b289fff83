/**
 * calc: a story about counts that takes two to four operations. The structure is its sequence of events.
 * Every result is a whole number from 0 to 999.
 */
import type { Random } from "@swirl-ts/core"
import { apply, type Draft, isDistinct, type Operator, type PlannedCall } from "./task.ts"
import { items, people } from "./words.ts"

/** Events of a story; the last three compare with a friend and end it. */
type Event = "add" | "sub" | "mul" | "div" | "bags" | "sell" | "more" | "fewer" | "times"

const changes: readonly Event[] = ["add", "sub", "mul", "div", "bags", "sell"]
const comparisons: readonly Event[] = ["more", "fewer", "times"]
const callsOf = (event: Event): number => (["add", "sub", "mul", "div"].includes(event) ? 1 : 2)

/** A sequence of events that takes two to four calls. */
function drawEvents(draw: Random): Event[] {
  for (;;) {
    const wanted = draw.pick([2, 3, 3, 4])
    const events: Event[] = []
    let calls = 0
    while (calls < wanted) {
      const event = draw.pick(changes)
      events.push(event)
      calls += callsOf(event)
    }
    if (calls <= 3 && draw.next() < 0.35) {
      events.push(draw.pick(comparisons))
      calls += 2
    }
    if (calls <= 4) return events
  }
}

/** One draft, or undefined where the numbers drawn do not fit the story. */
export function drawCalc(draw: Random): Draft | undefined {
  const events = drawEvents(draw)
  const [name, friend, other] = draw.shuffle(people) as [string, string, string]
  const start = draw.integer(5, 60)
  const sentences = [`${name} has ${start} ${draw.pick(items)} .`]
  const numbers = [start]
  const plan: PlannedCall[] = []
  /** The count so far, and the call that gave it. */
  let value = start
  let from: number[] = []

  const call = (operator: Operator, left: number, right: number, needs: number[]): number => {
    plan.push({ tool: "calculator", operator, left, right, needs, result: String(apply(operator, left, right)) })
    return apply(operator, left, right)
  }
  const advance = (operator: Operator, right: number, needs: number[] = from): void => {
    value = call(operator, value, right, needs)
    from = [plan.length - 1]
  }
  const state = (sentence: string, ...stated: number[]): void => {
    sentences.push(`${sentence} .`)
    numbers.push(...stated)
  }

  if (draw.next() < 0.3) {
    const distraction = draw.integer(2, 40)
    state(`${other} has ${distraction} ${draw.pick(items)}`, distraction)
  }
  for (const event of events) {
    if (event === "add") {
      const count = draw.integer(2, 50)
      state(`${name} ${draw.pick(["buys", "finds"])} ${count} more`, count)
      advance("+", count)
    } else if (event === "sub") {
      if (value < 4) return undefined
      const count = draw.integer(2, Math.min(50, value - 1))
      state(`${name} ${draw.pick(["gives away", "loses"])} ${count}`, count)
      advance("-", count)
    } else if (event === "mul") {
      const factor = draw.integer(2, 5)
      state(`the pile grows to ${factor} times its size`, factor)
      advance("*", factor)
    } else if (event === "div") {
      const divisors = [2, 3, 4, 5, 6].filter((divisor) => value % divisor === 0 && value / divisor >= 2)
      if (divisors.length === 0) return undefined
      const groups = draw.pick(divisors)
      state(`${name} splits them into ${groups} equal groups and keeps one`, groups)
      advance("/", groups)
    } else if (event === "bags" || event === "sell") {
      const bags = draw.integer(2, 6)
      const each = draw.integer(2, 9)
      if (event === "sell" && bags * each >= value) return undefined
      state(`${name} ${event === "bags" ? "buys" : "sells"} ${bags} bags with ${each} each`, bags, each)
      const content = call("*", bags, each, [])
      advance(event === "bags" ? "+" : "-", content, [...from, plan.length - 1])
    } else {
      const count = event === "times" ? draw.integer(2, 4) : draw.integer(2, 20)
      if (event === "fewer" && count >= value) return undefined
      state(`${friend} has ${count} ${event === "times" ? "times as many as" : `${event} than`} ${name} now`, count)
      const theirs = call(event === "times" ? "*" : event === "more" ? "+" : "-", value, count, from)
      advance("+", theirs, [...from, plan.length - 1])
    }
  }
  if (plan.some((planned) => Number(planned.result) > 999) || !isDistinct(plan)) return undefined
  const together = comparisons.includes(events.at(-1)!)
  sentences.push(together ? "how many have they together ?" : `how many does ${name} have now ?`)
  return {
    domain: "calc",
    question: sentences.join(" "),
    answer: plan.at(-1)!.result,
    structure: events.join("-"),
    // Copies: a list that was pushed to has room for four times as much, and tasks are held by the ten thousand.
    plan: [...plan],
    numbers: [...numbers],
    entities: [],
    relations: [],
  }
}
