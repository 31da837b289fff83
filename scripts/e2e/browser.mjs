/**
 * The viewer in a real Chromium, from `file://`, without network: the six tasks of a reader, each in three clicks at most; keys,
 * links and the back button; accessibility by axe-core in dark, light and at phone width; records full of script; 100,000
 * samples. The run is a small matrix and a run by hand that the command makes, or a folder that is given.
 *
 *   npm run e2e -- browser
 *   npm run e2e -- browser --run runs/demo-7-wasm --shots shots
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { checkAccessibility } from "./browser/accessibility.mjs"
import { checkByHand } from "./browser/by-hand.mjs"
import { checkHostile } from "./browser/hostile.mjs"
import { openedViewer } from "./browser/opened-viewer.mjs"
import { byHandRun, matrixRun, reportOf } from "./browser/runs.mjs"
import { checkSize } from "./browser/size.mjs"
import { checkMoves, checkTasks } from "./browser/tasks.mjs"
import { launchChromium } from "./chromium.mjs"
import { part, timesTold } from "./parts.mjs"

const { values } = parseArgs({ options: { run: { type: "string" }, shots: { type: "string" } } })
const folder = mkdtempSync(join(tmpdir(), "swirl-browser-"))
const shots = values.shots && resolve(values.shots)
if (shots) mkdirSync(shots, { recursive: true })

/** Opened from where nothing else of the run is. */
function moved(report, name) {
  const target = join(folder, "moved", name)
  cpSync(report, target, { recursive: true })
  return target
}

const browser = await launchChromium()
const view = (place, options) => openedViewer(browser, place, options)
try {
  const run = values.run
    ? resolve(values.run)
    : await part("a matrix, made by the command", () => matrixRun(join(folder, "matrix")))
  const report = moved(await part("its viewer, written by swirl report", () => reportOf(run)), "matrix")
  await part("six tasks of a reader, from a folder that was moved", () => checkTasks(view, report))
  await part("links, keys, and the back button", () => checkMoves(view, report))
  await part("accessibility, in dark, light and at phone width", () => checkAccessibility(view, report, shots))
  if (!values.run) {
    const byHand = await part("a run by hand, made by the command", () => byHandRun(join(folder, "by-hand")))
    await part("a run without a matrix shows what there is", async () =>
      checkByHand(view, moved(await reportOf(byHand), "by-hand"), shots),
    )
  }
  await part("records full of script", () => checkHostile(view, join(folder, "hostile")))
  await part("100,000 samples", () => checkSize(view, join(folder, "size")))
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
