/** What is exported and imported again has the same steps, however the model wrote its calls. */
import { join } from "node:path"
import { createRegistry, type Trajectory } from "@swirl-ts/core"
import type { StageContext } from "@swirl-ts/stages"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { exported, ownRun } from "../../test/exported.ts"
import { fixture, importContext, importInto, recordsIn } from "../../test/importing.ts"
import { withImported } from "../imported.ts"

const own = ownRun()

/** A run folder of trajectories that were imported from one of the real producers. */
async function importedRun(format: string, path: string): Promise<StageContext> {
  const context = importContext(join(temporaryFolder(), "run"))
  await importInto(context, format, fixture(path))
  return {
    ...context,
    registry: withImported(createRegistry([...own.registry.plugins, ...context.registry.plugins]), context.directory),
  }
}

/** What was said and done; ids of token are not held by every format, and are of one policy. */
const said = ({ prompt, steps, answer, status, actionFormat }: Trajectory) => ({
  prompt,
  answer,
  status,
  actionFormat,
  steps: steps.map(({ tokenIds: _1, logProbabilities: _2, contextTokenIds: _3, shown: _4, ...step }) => step),
})

async function againBy(context: StageContext, format: string): Promise<{ before: Trajectory[]; after: Trajectory[] }> {
  const out = join(temporaryFolder(), format === "openai-chat" ? "out.jsonl" : "out")
  await exported(context, { format, out })
  const again = importContext(join(temporaryFolder(), "again"))
  const result = await importInto(again, format, out)
  const { trajectories: before } = await recordsIn(context.directory)
  const { trajectories: after } = await recordsIn(again.directory)
  expect(result.added).toBe(after.length)
  return { before, after }
}

const sorted = (trajectories: readonly Trajectory[]) => trajectories.map((each) => JSON.stringify(said(each))).sort()

test.each(["inspect", "atif"])("a run in the paper's format by %s", async (format) => {
  const { before, after } = await againBy(own, format)
  expect(before.length).toBeGreaterThan(3)
  expect(sorted(after)).toEqual(sorted(before))
})

test.each([
  ["inspect", "inspect", "inspect/arithmetic-right.eval"],
  ["inspect", "inspect", "inspect/agent.eval"],
  ["atif", "inspect", "inspect/arithmetic-wrong.eval"],
  ["atif", "atif", "atif/trajectories.jsonl"],
  ["openai-chat", "inspect", "inspect/arithmetic-wrong.eval"],
  ["inspect", "ai-sdk", "ai-sdk/generate-text.jsonl"],
])("by %s what was imported from %s: %s", async (format, from, path) => {
  const { before, after } = await againBy(await importedRun(from, path), format)
  // Chat messages have no place for whether a result was an error.
  const plain = (trajectories: Trajectory[]) =>
    format === "openai-chat"
      ? trajectories.map((each) => ({
          ...each,
          steps: each.steps.map((step) =>
            step.observation ? { ...step, observation: { ...step.observation, isError: false } } : step,
          ),
        }))
      : trajectories
  expect(sorted(plain(after))).toEqual(sorted(plain(before)))
})

test("chat messages of the paper's format are refused, as their calls stand in the texts", async () => {
  await expect(againBy(own, "openai-chat")).rejects.toThrow(/action format tags.*Export the run as inspect or atif/s)
})
