import { expect, test } from "vitest"
import { whenDeclared } from "./declared.ts"

const contrast = (name: string, asked?: string[]) => ({ name, of: "a", against: "base", asked, cells: {} })
const said = (contrasts: { name: string; declared?: string }[]) =>
  contrasts.map(({ name, declared }) => [name, declared])

test("what stands in the experiment when a folder's matrix is begun is declared before, what comes later after", () => {
  const begun = whenDeclared([contrast("first")], undefined)
  expect(said(begun)).toEqual([["first", "before"]])
  const later = whenDeclared([contrast("first"), contrast("picked")], { contrasts: begun })
  expect(said(later)).toEqual([
    ["first", "before"],
    ["picked", "after"],
  ])
  // Neither a further run nor other cells make it one of before.
  expect(said(whenDeclared([contrast("picked")], { contrasts: later }))).toEqual([["picked", "after"]])
  expect(said(whenDeclared([contrast("first", ["one/test"])], { contrasts: later }))).toEqual([["first", "after"]])
})

test("of the contrasts of an older document nothing is claimed", () => {
  expect(said(whenDeclared([contrast("old")], { contrasts: [contrast("old")] }))).toEqual([["old", undefined]])
})
