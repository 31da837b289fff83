/**
 * An OpenAI-compatible server on loopback whose answers are a function of conversation and seed: one or two calculations with
 * the question's numbers, then an answer. `milliseconds`: how long a turn takes.
 */
import { contentHash } from "@swirl-ts/core"
import { type ApiRequest, apiServer, chatCompletion } from "@swirl-ts/test-support"

interface Asked {
  messages: { role: string; content: string }[]
  seed?: number
}

export const calcServer = (milliseconds = 0) =>
  apiServer<Asked>(async ({ body }: ApiRequest<Asked>, response) => {
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
    response.writeHead(200, { "content-type": "application/json" })
    response.end(JSON.stringify(chatCompletion({ content: turn(body) })))
  })

function turn({ messages, seed = 0 }: Asked): string {
  const question = messages.find(({ role }) => role === "user")!.content
  const numbers = question.match(/\d+/g) ?? ["1", "2"]
  const steps = messages.filter(({ role }) => role === "assistant").length
  const draw = Number.parseInt(contentHash([question, seed, steps], 4), 16)
  if (steps === 0 || (steps === 1 && draw % 2 === 0))
    return ` next <math_exp> ${numbers[draw % numbers.length]} + ${numbers[0]} </math_exp>`
  return ` so <answer> ${numbers[draw % numbers.length]} </answer>`
}
