/** 100,000 samples from `file://`: how long until all of them are there, can be filtered, found and sorted. Goal: 2 s. */
import { createWriteStream, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { writeViewer } from "@swirl-ts/report"
import { expect } from "../parts.mjs"

const [policies, questions, goal] = [20, 5000, 2]

function* records(policy, of) {
  for (let task = 0; task < questions; task++) yield `${JSON.stringify(of(policy, task))}\n`
}
const common = (policy, task) => ({
  id: `${policy}-${task}`,
  taskId: `test/${task}`,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy: `policy-${policy}`,
})
const question = (task) =>
  `anna has ${task} apples and buys ${task % 17} bags with ${task % 23} each . how many does anna have now ?`
const sample = (policy, task) => ({
  schema: "swirl.eval-sample/1",
  ...common(policy, task),
  trajectoryId: `${policy}-${task}`,
  temperature: 0,
  primaryMetric: "accuracy",
  status: "scored",
  answer: String(task * 7),
  metrics: { accuracy: (task * (policy + 1)) % 3 === 0 ? 1 : 0 },
})
const trajectory = (policy, task) => ({
  schema: "swirl.trajectory/1",
  ...common(policy, task),
  seed: 1,
  question: question(task),
  actionFormat: "tags",
  prompt: [{ role: "user", content: [{ type: "text", text: question(task) }] }],
  steps: [
    {
      index: 0,
      kind: "answer",
      text: `<answer> ${task * 7} </answer>`,
      answer: String(task * 7),
      finishReason: "stop",
    },
  ],
  answer: String(task * 7),
  status: "answered",
  usage: { inputTokens: 40, outputTokens: 6 },
})

export async function checkSize(view, run) {
  for (let policy = 0; policy < policies; policy++) {
    const place = join(run, "eval", `policy-${policy}-0a0b0c${String(policy).padStart(2, "0")}`)
    mkdirSync(place, { recursive: true })
    await pipeline(Readable.from(records(policy, sample)), createWriteStream(join(place, "calc.jsonl")))
    await pipeline(
      Readable.from(records(policy, trajectory)),
      createWriteStream(join(place, "calc.trajectories.jsonl")),
    )
  }
  writeFileSync(join(run, "trajectories.jsonl"), "")
  const report = join(run, "report")
  const built = performance.now()
  await writeViewer(run, report)
  const seconds = (performance.now() - built) / 1000
  const data = join(report, "data")
  const bytes = readdirSync(data, { recursive: true }).reduce((sum, path) => sum + statSync(join(data, path)).size, 0)
  process.stdout.write(
    `  ${(policies * questions).toLocaleString("en-US")} samples written in ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB\n`,
  )

  const times = []
  for (let open = 0; open < 3; open++) times.push(await opening(view, report))
  const told = times.map((time) => time.toFixed(2)).join(", ")
  expect(`all of them are open after ${told} s (goal ${goal} s, of the best of three)`, Math.min(...times) < goal)
}

async function opening(view, report) {
  const { page, noted, close } = await view(report)
  const url = page.url().replace(/#.*/, "")
  await page.goto("about:blank")
  await page.goto(`${url}#/samples`)
  const wall = await (
    await page.waitForFunction(
      () =>
        /^100,000 samples/.test(document.querySelector(".found")?.textContent ?? "") &&
        document.querySelector("section.rows td") &&
        performance.now(),
    )
  ).jsonValue()

  await timed("found by a word", async () => {
    await page.locator("input[type=search]").fill("4999 apples")
    await page.waitForFunction(() => /^20 of 100,000/.test(document.querySelector(".found").textContent))
  })
  await page.locator("input[type=search]").fill("")
  await page.waitForFunction(() => /^100,000/.test(document.querySelector(".found").textContent))
  await timed("sorted by a column", async () => {
    await page.getByRole("button", { name: "Question" }).click()
    await page.waitForFunction(() => document.querySelector("th.question[aria-sort]"))
  })
  await page.locator("section.rows").focus()
  await page.keyboard.press("End")
  await page.waitForFunction(() => document.querySelector("tr.current")?.getAttribute("aria-rowindex") === "100001")
  await page.keyboard.press("Enter")
  await page.locator("li.step").first().waitFor()
  expect(
    "the last of them opens",
    noted.filter((each) => !each.startsWith("request: about:")).length === 0,
    noted.join("; "),
  )
  await close()
  return wall / 1000
}

async function timed(what, run) {
  const start = performance.now()
  await run()
  process.stdout.write(`  ${what} in ${((performance.now() - start) / 1000).toFixed(2)} s\n`)
}
