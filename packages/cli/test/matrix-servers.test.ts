/** The processes of one matrix at one server: together they ask no more than it takes, and keep one budget. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { RecordedEndpoint } from "@swirl-ts/core"
import { chatCompletion, serve, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const rows = ["base", "a", "b", "c"]
const questions = 120
const experiment = {
  name: "four",
  policy: "openai:base",
  judge: "form",
  cells: ["calc/test"],
  trainings: [],
  references: rows.slice(1).map((name) => ({ name, policy: `openai:${name}` })),
  evaluation: { questions },
}

/** Takes so many at once, says nothing of when to come back, and never forgets whom it has answered. */
async function busyServer(atOnce: number) {
  const seen = { taken: 0, refused: 0 }
  let inFlight = 0
  const completion = JSON.stringify(chatCompletion({ content: "<answer>7</answer>" }))
  const { url } = await serve((request, response) => {
    request.resume().on("end", () => {
      response.setHeader("content-type", "application/json")
      if (inFlight >= atOnce) {
        seen.refused++
        response.statusCode = 429
        return void response.end('{"error":{"message":"Rate limit reached"}}')
      }
      seen.taken++
      inFlight++
      setTimeout(() => {
        inFlight--
        response.end(completion)
      }, 40)
    })
  })
  return { baseUrl: `${url}/v1`, seen }
}

test("four processes keep one budget and one limit: little is refused, nothing is asked twice, and all is counted", async () => {
  const directory = temporaryFolder({ "four.experiment.json": JSON.stringify(experiment) })
  const { baseUrl, seen } = await busyServer(6)
  const swirl = swirlIn(directory)
  const matrix = (...more: string[]) =>
    swirl("matrix", "four.experiment.json", "--base-url", baseUrl, "--processes", "4", "--run", "run", ...more)

  // 38 tokens an answer: 200 of 480.
  const stopped = await matrix("--max-tokens", "7600", "--json")
  expect(stopped.code).toBe(3)
  const reasons: string[] = stopped.json.failed.map(({ reason }: { reason: string }) => reason)
  expect(reasons.length).toBeGreaterThan(0)
  for (const reason of reasons) expect(reason).toMatch(/^The budget of 7600 tokens \(--max-tokens\) is spent: \d+ were/)
  // What was in flight, and what was sent while the word went round.
  expect(seen.taken).toBeGreaterThanOrEqual(200)
  expect(seen.taken).toBeLessThanOrEqual(220)

  const whole = await matrix("--json")
  expect([whole.code, whole.json.failed]).toEqual([0, undefined])
  expect(seen.taken).toBe(rows.length * questions)
  expect(seen.refused / (seen.taken + seen.refused)).toBeLessThan(0.05)
  const counts = rows.flatMap((row) => {
    const { endpoints } = JSON.parse(readFileSync(join(directory, "run", row, "run.json"), "utf8"))
    return Object.values<RecordedEndpoint[]>(endpoints).flat()
  })
  const sum = (of: (count: RecordedEndpoint) => number | undefined): number =>
    counts.reduce((total, count) => total + (of(count) ?? 0), 0)
  expect([sum((count) => count.requests), sum((count) => count.refused)]).toEqual([
    seen.taken + seen.refused,
    seen.refused,
  ])
}, 300_000)
