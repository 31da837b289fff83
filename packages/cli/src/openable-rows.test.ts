import { resolve } from "node:path"
import { expect, test } from "vitest"
import { openableRows } from "./openable-rows.ts"

test("a checkpoint of a printed row opens from every folder, one elsewhere stays, a row without one has none", () => {
  const elsewhere = resolve("/elsewhere/checkpoints/2")
  const rows = [{ checkpoint: "seed-1/a/checkpoints/2" }, { checkpoint: elsewhere }, {}].map((row) => ({
    ...{ name: "a", cells: {} },
    ...row,
  }))
  const printed = openableRows(rows as Parameters<typeof openableRows>[0], "/runs/e")
  expect(printed.map(({ checkpoint }) => checkpoint)).toEqual([
    resolve("/runs/e/seed-1/a/checkpoints/2"),
    elsewhere,
    undefined,
  ])
  expect(rows[0]!.checkpoint).toBe("seed-1/a/checkpoints/2")
})
