/** What was exported and is imported again has the same steps: text, call, input, result and answer of each. */
import { join } from "node:path"
import { readTrajectories } from "@swirl-ts/stages"
import { expect, test } from "vitest"
import { exported, ownRun } from "../test/exported.ts"
import { importFiles } from "./imports/import-files.ts"

const stepsOf = async (directory: string) =>
  (await readTrajectories(directory))
    .map(({ question, answer, steps }) => ({
      question,
      answer,
      steps: steps.map(({ kind, text, call, observation }) => [kind, text, call?.tool, call?.input, observation?.text]),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

test.each(["inspect", "atif"])("%s: the recorded run, there and back", async (format) => {
  const context = ownRun()
  const { out } = await exported(context, { format, out: "out" })
  const back = { ...context, directory: join(context.host.workingDirectory, "back") }
  await importFiles(back, { format, paths: [out] })
  const before = await stepsOf(context.directory)
  expect(before).toHaveLength(8)
  expect(await stepsOf(back.directory)).toEqual(before)
})
