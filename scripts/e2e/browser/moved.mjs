/**
 * The whole folder of a run stands in another place than where it was made: its viewer shows what its records hold. Accuracies
 * are counted again here, from the samples' own lines; a sample is opened, and its turns are those of its trajectory.
 */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { expect } from "../parts.mjs"

export async function checkMoved(view, run) {
  const { samples, trajectories } = recordsOf(run)
  const { page, noted, go, close } = await view(join(run, "report"))
  const shown = await page.locator("table.heat .accuracy").allInnerTexts()
  const counted = accuracies(samples)
  expect(
    `its ${shown.length} accuracies are those of its records: ${shown.join(", ")}`,
    shown.length > 0 && [...shown].sort().join() === counted.sort().join(),
    `the records say ${counted.join(", ")}`,
  )
  await go("#/samples")
  await page.locator("section.rows td a").first().click()
  await page.locator("li.step").first().waitFor()
  const id = decodeURIComponent(new URL(page.url()).hash.replace("#/sample/", "").replace(/\?.*/, ""))
  const recorded = trajectories.get(id)?.steps.map(({ text }) => text)
  const turns = await page
    .locator("li.step .part", { has: page.getByRole("heading", { name: "The model wrote" }) })
    .evaluateAll((parts) => parts.map((part) => part.querySelector("pre")?.textContent ?? ""))
  expect(
    `sample ${id} has the ${turns.length} turns of its trajectory`,
    JSON.stringify(turns) === JSON.stringify(recorded),
    `${JSON.stringify(turns)} are shown, ${JSON.stringify(recorded)} on record`,
  )
  expect("no error, no request, no dialog", noted.length === 0, noted.join("; "))
  await close()
}

/** What stands in the folder's JSONL files; earlier tries of samples are no samples. */
function recordsOf(run) {
  const samples = []
  const trajectories = new Map()
  for (const path of readdirSync(run, { recursive: true }).filter((each) => each.endsWith(".jsonl"))) {
    if (basename(path) === "attempts.jsonl") continue
    for (const line of readFileSync(join(run, path), "utf8").split("\n").filter(Boolean)) {
      const record = JSON.parse(line)
      if (record.schema?.startsWith("swirl.eval-sample/")) samples.push({ path, ...record })
      if (record.schema?.startsWith("swirl.trajectory/")) trajectories.set(record.id, record)
    }
  }
  return { samples, trajectories }
}

/** In per cent, one a file of samples; those without a score are left out. */
function accuracies(samples) {
  return [...Map.groupBy(samples, ({ path }) => path).values()].map((here) => {
    const scores = here
      .map(({ metrics, primaryMetric }) => metrics[primaryMetric])
      .filter((score) => score !== undefined)
    return ((100 * scores.reduce((sum, score) => sum + score, 0)) / scores.length).toFixed(1)
  })
}
