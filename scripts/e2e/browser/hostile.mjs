/** Script in every text of every record: none runs, nothing asks for anything, nothing becomes an element, no text misleads. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { writeViewer } from "@swirl-ts/report"
import { expect } from "../parts.mjs"
import { openAll } from "./accessibility.mjs"

const attacks = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(2)>",
  "</pre><iframe srcdoc='<script>parent.alert(3)</script>'></iframe>",
  "\"'><svg onload=alert(4)><a href=javascript:alert(5)>click</a>",
  "<link rel=stylesheet href=http://127.0.0.1:9/x.css><img src=http://127.0.0.1:9/x.png>",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to be none
  "');alert(6)//\\');alert(7)//\u2028alert(8)//${alert(9)}`",
  "<form action=http://127.0.0.1:9><button autofocus onfocus=alert(10)>go</button></form>",
  "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><base href=http://127.0.0.1:9/>",
  "right \u202e to left, zero\u200bwidth, bell \u0007, half \ud800",
]
const attack = (index) => `${attacks[index % attacks.length]} ${index}`

function step(index, more) {
  return {
    index,
    kind: "tool",
    text: attack(index),
    reasoning: [{ text: attack(index + 1) }],
    call: {
      tool: attack(index + 2),
      input: { [attack(index + 3)]: attack(index + 4), __proto__x: "<b>" },
      query: attack(index + 5),
    },
    observation: { text: attack(index + 6), isError: index % 2 === 0 },
    finishReason: "stop",
    ...more,
  }
}

const policy = "<b>policy</b>-0a0b0c0d"
const samples = attacks.map((_, index) => {
  const id = `${index}-${attack(index)}`
  const common = { id, taskId: attack(index), benchmark: "bench-<i>x</i>/calc", split: "<u>test</u>", epoch: 0, policy }
  const verdict = (judge, verdict) => ({
    schema: "swirl.verdict/1",
    id: `${judge} ${id}`,
    trajectoryId: id,
    step: 0,
    judge,
    verdict,
    reason: attack(index),
  })
  return {
    trajectory: {
      schema: "swirl.trajectory/1",
      ...common,
      seed: 1,
      question: attack(index),
      actionFormat: attack(index),
      prompt: [{ role: "user", content: [{ type: "text", text: attack(index) }] }],
      steps: [
        step(index),
        { index: 1, kind: "malformed", text: attack(index), malformed: attack(index), finishReason: "stop" },
      ],
      answer: attack(index),
      status: index % 3 === 0 ? "error" : "answered",
      error: attack(index),
      usage: { inputTokens: 1, outputTokens: 1 },
    },
    sample: {
      schema: "swirl.eval-sample/1",
      ...common,
      trajectoryId: id,
      temperature: 0,
      primaryMetric: "<em>accuracy</em>",
      status: index % 3 === 0 ? "error" : "scored",
      answer: attack(index),
      metrics: index % 3 === 0 ? {} : { "<em>accuracy</em>": index % 2, constructor: 1 },
      error: attack(index),
    },
    verdicts: [verdict("<s>one</s>", "good"), verdict("</td><s>two</s>", "bad")],
  }
})
const runRecord = {
  schema: "swirl.run/1",
  id: attack(0),
  createdAt: attack(1),
  spec: { [`eval/policy/${attack(2)}`]: { model: attack(3) } },
  specHash: attack(4),
  digests: { [attack(5)]: attack(6) },
  gitRevision: attack(7),
  machine: { [attack(8)]: attack(9) },
}
const lines = (records) => records.map((record) => `${JSON.stringify(record)}\n`).join("")

export async function checkHostile(view, run) {
  const place = join(run, "eval", "policy-0a0b0c0d")
  mkdirSync(place, { recursive: true })
  writeFileSync(join(run, "run.json"), JSON.stringify(runRecord))
  writeFileSync(join(place, "calc.jsonl"), lines(samples.map(({ sample }) => sample)))
  writeFileSync(join(place, "calc.trajectories.jsonl"), lines(samples.map(({ trajectory }) => trajectory)))
  writeFileSync(join(place, "verdicts.jsonl"), lines(samples.flatMap(({ verdicts }) => verdicts)))
  const report = join(run, "report")
  await writeViewer(run, report, {
    title: attack(0),
    commands: [attack(1)],
    notes: [attack(3)],
    provenance: { [attack(2)]: `${attack(4)}\n` },
  })
  const { page, noted, go, close } = await view(report)
  const views = await page
    .getByRole("navigation", { name: "Views" })
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")))
  await go("#/samples")
  await page.locator("section.rows td a").first().waitFor()
  const opened = await page
    .locator("section.rows td a")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")))
  expect("every sample is there, those that failed too", opened.length === samples.length, String(opened.length))
  const made = []
  for (const hash of [...views, ...opened]) {
    await go(hash)
    await page.waitForFunction(() => !document.querySelector(".waiting"))
    await openAll(page)
    const here = await page.evaluate(() => {
      const foreign = document.querySelectorAll(
        "main :is(script, img, iframe, form, link, meta, base, object, b b, em, i, u, s, [onload], [onerror], [onfocus], a[href^=javascript])",
      )
      const hidden = /[\u202a-\u202e\u200b\ud800-\udfff]/.exec(
        document.body.textContent.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""),
      )
      return [
        ...[...foreign].map((element) => element.outerHTML.slice(0, 120)),
        ...(hidden ? [`hidden ${JSON.stringify(hidden[0])}`] : []),
      ]
    })
    made.push(...here.map((each) => `${hash.slice(0, 60)}: ${each}`))
  }
  expect(
    `on ${views.length + opened.length} pages nothing of a record is an element, and nothing is unseen`,
    made.length === 0,
    made.join(" | "),
  )
  expect("nothing ran, nothing was asked for, no dialog came", noted.length === 0, noted.join("; "))
  await close()
}
