/** Selections stand side by side in one folder, whatever their filters and judges are called. */
import { basename } from "node:path"
import { createRegistry, definePlugin, type FilterRecord } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readSelections, writeSelection } from "./selection-files.ts"

const filter = { description: "", needs: [], keep: () => true }
const judge = {
  description: "",
  create: () => ({ identity: "any", judge: () => ({ verdict: "good" as const, reason: "" }) }),
}
const registry = createRegistry([
  definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    filters: { outcome: filter, "outcome-strict": filter },
    outcomeJudges: { strict: judge, Strict: judge, "my-judge": judge, my_judge: judge },
  }),
])
const counts = { total: 1, dropped: 0, unscored: 0, keptRight: 0, kept: 1 }
const selection = (strategy: string, outcomeJudge?: string, id = "t"): FilterRecord => ({
  schema: "swirl.filter/1",
  strategy,
  judge: "form",
  outcomeJudge,
  madeOver: "all",
  ...counts,
  ids: [id],
})

test("selections whose names make one file name stand in a file each, and each is written over by its own alone", async () => {
  const directory = temporaryFolder()
  const write = async (...given: Parameters<typeof selection>) =>
    basename(await writeSelection(registry, directory, selection(...given)))
  expect(await write("outcome", "my-judge")).toBe("outcome-my-judge.json")
  expect(await write("outcome", "own/my-judge")).toBe("outcome-my-judge.json")
  const others = [await write("outcome", "my_judge"), await write("outcome", "strict"), await write("outcome-strict")]
  expect(others).toEqual([
    expect.stringMatching(/^outcome-my-judge-[0-9a-f]{8}\.json$/),
    "outcome-strict.json",
    expect.stringMatching(/^outcome-strict-[0-9a-f]{8}\.json$/),
  ])
  expect(await write("outcome", "my_judge", "again")).toBe(others[0])
  const found = await readSelections(directory)
  expect(found.map(({ record }) => [record.strategy, record.outcomeJudge, ...record.ids])).toEqual(
    expect.arrayContaining([
      ["outcome", "own/my-judge", "t"],
      ["outcome", "my_judge", "again"],
      ["outcome", "strict", "t"],
      ["outcome-strict", undefined, "t"],
    ]),
  )
  expect(found).toHaveLength(4)
})
