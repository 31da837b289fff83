import { expect, test } from "vitest"
import { parsePromptTemplate } from "./prompt-template.ts"
import { promptingDifferences, promptingIdentity, promptingSettings, recordedPrompting } from "./prompting.ts"

const template = parsePromptTemplate("Q: {{question}}", "mine.txt")

test("a prompting is read back from a stage's settings, whatever became of its file", () => {
  const prompting = { template, shots: 2 }
  const settings = JSON.parse(JSON.stringify({ model: "nano", ...promptingSettings(prompting) }))
  expect(recordedPrompting(settings)).toEqual(prompting)
  expect(recordedPrompting({ model: "nano" })).toBeUndefined()
  expect(recordedPrompting(undefined)).toBeUndefined()
})

test("the benchmark's own way adds nothing to a run's identity; a template's text and the examples do", () => {
  expect(promptingIdentity({})).toBeUndefined()
  expect(promptingIdentity(undefined)).toBeUndefined()
  const renamed = { ...template, source: "other.txt" }
  expect(promptingIdentity({ template: renamed })).toEqual(promptingIdentity({ template }))
  const other = parsePromptTemplate("A: {{question}}", "mine.txt")
  expect(promptingIdentity({ template: other })).not.toEqual(promptingIdentity({ template }))
  expect(promptingIdentity({ template, shots: 0 })).not.toEqual(promptingIdentity({ template }))
})

test("differences name both wordings", () => {
  expect(promptingDifferences({ template }, { template: { ...template, source: "other.txt" } })).toEqual([])
  expect(promptingDifferences(undefined, { template, shots: 2 })).toEqual([
    `its questions were asked by the benchmark's own wording and are asked by the prompt template mine.txt (${template.digest.slice(0, 8)}) now`,
    "they had the benchmark's own worked examples and have 2 worked examples now",
  ])
})
