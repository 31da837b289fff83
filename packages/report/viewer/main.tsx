/** Reads the summary and shows the run; everything else is read when a view needs it. */
import { render } from "preact"
import { App } from "./app.tsx"
import { Failure } from "./parts/loaded.tsx"
import { loadSummary } from "./state/pages.ts"
import { loadSamples, openRun } from "./state/run.ts"
import "./style/theme.css"
import "./style/frame.css"
import "./style/tables.css"
import "./style/charts.css"
import "./style/sample.css"

const root = document.getElementById("app")!

async function start(): Promise<void> {
  const run = openRun(await loadSummary())
  root.textContent = ""
  render(<App run={run} />, root)
  // Once the first view is there, the rest comes while it is read.
  setTimeout(() => loadSamples(run), 50)
}

start().catch((error: Error) => {
  root.textContent = ""
  render(
    <main>
      <h1>This run cannot be shown</h1>
      <Failure message={error.message} />
    </main>,
    root,
  )
})
