import { expect, test } from "vitest"
import { insideFolder } from "./inside-folder.ts"

test.each([
  ["/runs/a/base/eval has no samples of x/test.", "base/eval has no samples of x/test."],
  ["local:/runs/a/seed-1/t/checkpoints/4", "local:seed-1/t/checkpoints/4"],
  ["/runs/a holds no base", ". holds no base"],
  ["/runs/a/base and /runs/a/other", "base and other"],
  ["/runs/ab/base", "/runs/ab/base"],
  ["/old/runs/a/base", "/old/runs/a/base"],
  ["no path", "no path"],
])("%s reads %s in /runs/a", (text, inside) => {
  expect(insideFolder("/runs/a/")(text)).toBe(inside)
})
