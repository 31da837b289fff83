/**
 * The viewer in a real Chromium, from `file://`, without network: the six tasks of a reader, each in three clicks at most; keys,
 * links and the back button; accessibility by axe-core in dark, light and at phone width; records full of script; 100,000
 * samples. The runs are a small matrix, one by hand and another tool's log, made by the command, and each is moved as a whole
 * before it is opened; or one folder that is given.
 *
 *   npm run e2e -- browser
 *   npm run e2e -- browser --run runs/demo-7-wasm --shots shots
 */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { checkAccessibility } from "./browser/accessibility.mjs"
import { checkByHand } from "./browser/by-hand.mjs"
import { checkHostile } from "./browser/hostile.mjs"
import { checkMoved } from "./browser/moved.mjs"
import { openedViewer } from "./browser/opened-viewer.mjs"
import { byHandRun, importedRun, matrixRun, reportOf } from "./browser/runs.mjs"
import { checkSize } from "./browser/size.mjs"
import { checkMoves, checkTasks } from "./browser/tasks.mjs"
import { launchChromium } from "./chromium.mjs"
import { part, timesTold } from "./parts.mjs"

const { values } = parseArgs({ options: { run: { type: "string" }, shots: { type: "string" } } })
const folder = mkdtempSync(join(tmpdir(), "swirl-browser-"))
const shots = values.shots && resolve(values.shots)
if (shots) mkdirSync(shots, { recursive: true })

/** The run with its report, in another place: nothing is left where it was made. Of a run that is given, its report alone. */
async function moved(run, name) {
  const report = await reportOf(run)
  const target = join(folder, "moved", name)
  mkdirSync(target, { recursive: true })
  if (values.run) cpSync(report, join(target, "report"), { recursive: true })
  else renameSync(run, target)
  return target
}

const browser = await launchChromium()
const view = (place, options) => openedViewer(browser, place, options)
try {
  const run = values.run
    ? resolve(values.run)
    : await part("a matrix, made by the command", () => matrixRun(join(folder, "matrix")))
  const place = await part("its viewer, written by swirl report", () => moved(run, "matrix"))
  const report = join(place, "report")
  await part("six tasks of a reader, from a folder that was moved", () => checkTasks(view, report))
  await part("links, keys, and the back button", () => checkMoves(view, report))
  await part("accessibility, in dark, light and at phone width", () => checkAccessibility(view, report, shots))
  if (!values.run) {
    await part("its numbers are those of its records", () => checkMoved(view, place))
    const byHand = await part("a run by hand, made by the command", () => byHandRun(join(folder, "by-hand")))
    await part("a run without a matrix shows what there is, from a folder that was moved", async () => {
      const here = await moved(byHand, "by-hand")
      await checkMoved(view, here)
      await checkByHand(view, join(here, "report"), shots)
    })
    const imported = await part("a log of another tool, imported", () => importedRun(join(folder, "imported")))
    await part("an imported log shows what it holds, from a folder that was moved", async () =>
      checkMoved(view, await moved(imported, "imported")),
    )
  }
  await part("records full of script", () => checkHostile(view, join(folder, "hostile")))
  await part("100,000 samples", () => checkSize(view, join(folder, "size")))
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
