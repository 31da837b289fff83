/** Whole trajectories to read: every step as the model wrote it, what came back, and what each judge said and why. */
import { messageText, type Step, stepAction, turnText, type VerdictRecord } from "@swirl-ts/core"
import type { ReportSample } from "./data.ts"
import { clipped, excerpt, type Html, html } from "./html.ts"

export function samplesSection(samples: readonly ReportSample[]): Html | undefined {
  if (samples.length === 0) return undefined
  return html`<section><h2 id="samples">Trajectories to read</h2>
<p class="note">Picked by rule, not by hand. Open one to see every step with its verdict. Long texts are cut, and characters that cannot be seen are written as their code points.</p>
${samples.map(sampleDetails)}</section>`
}

function sampleDetails({ trajectory, verdicts, correct, label }: ReportSample): Html {
  const judged = verdicts.filter((verdict) => verdict.verdict !== "unscored")
  const judges = [...new Set(verdicts.map(judgeName))]
  const good = judged.filter((verdict) => verdict.verdict === "good").length
  const outcome = correct === undefined ? "answer not checked" : correct ? "answer right" : "answer wrong"
  const facts = [
    trajectory.benchmark,
    `${trajectory.steps.length} steps`,
    outcome,
    ...(judged.length ? [`${good} of ${judged.length} verdicts good`] : []),
  ]
  const kind = correct === undefined ? "plain" : correct ? "good" : "bad"
  return html`<details><summary><span class="tag ${kind}">${label}</span>${excerpt(trajectory.question)}<span class="detail">${facts.join(" · ")}</span></summary>
<p class="label">Prompt</p>${trajectory.prompt.map((message) => html`<pre>${clipped(messageText(message))}</pre>`)}
<ol class="steps">${trajectory.steps.map((step) =>
    stepItem(
      step,
      verdicts.filter((verdict) => verdict.step === step.index),
      judges.length > 1,
    ),
  )}</ol>
<p class="note">Ended: ${trajectory.status}${trajectory.error !== undefined && html` (${clipped(trajectory.error, 400)})`}. Task ${trajectory.taskId}, policy ${trajectory.policy}, trajectory ${trajectory.id}.${judges.length === 1 && html` Judged by ${judges[0]!}.`}</p></details>`
}

/** Turn, result and verdicts as rows; the judge's name only where several judged. */
function stepItem(step: Step, verdicts: readonly VerdictRecord[], named: boolean): Html {
  const shown = verdicts.find((verdict) => verdict.verdict !== "unscored")?.verdict ?? ""
  const { observation } = step
  return html`<li class="${shown}"><p class="label">Step ${step.index + 1}: ${stepKind(step)}</p><div class="rows">
<span class="label">Turn</span><pre>${clipped(turnText({ text: step.text, action: stepAction(step) })) || "(empty turn)"}</pre>
${observation && html`<span class="label">${observation.isError ? "Error" : "Result"}</span><pre>${clipped(observation.text) || "(empty)"}</pre>`}
${verdicts.map(
  (verdict) =>
    html`<span class="label">Verdict</span><p class="verdict"><span class="tag ${verdict.verdict === "unscored" ? "plain" : verdict.verdict}">${verdictMark[verdict.verdict]}</span>${clipped(verdict.reason, 600)}${named && html`<span class="detail">${judgeName(verdict)}</span>`}</p>`,
)}</div></li>`
}

const judgeName = ({ judge, oracle }: VerdictRecord): string => (oracle ? `${judge} (oracle)` : judge)

const verdictMark = { good: "✓ good", bad: "✗ bad", unscored: "– unscored" } as const

function stepKind(step: Step): string {
  if (step.kind === "tool") return `call of ${step.call?.tool ?? "a tool"}`
  return step.kind === "answer" ? "answer" : `malformed${step.malformed ? ` (${excerpt(step.malformed, 200)})` : ""}`
}
