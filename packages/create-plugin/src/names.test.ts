import { expect, test } from "vitest"
import { namesOf } from "./names.ts"

test.each([
  ["unit-tools", { folder: "unit-tools", plugin: "unit-tools", factory: "unitTools" }],
  ["@me/swirl-tool-x", { folder: "swirl-tool-x", plugin: "swirl-tool-x", factory: "swirlToolX" }],
  ["my.tool_2", { folder: "my.tool_2", plugin: "my-tool-2", factory: "myTool2" }],
  ["3d", { folder: "3d", plugin: "3d", factory: "plugin3d" }],
  ["delete", { folder: "delete", plugin: "delete", factory: "deletePlugin" }],
  ["a-", { folder: "a-", plugin: "a", factory: "a" }],
])("%s names a package, its folder, its plugin and a function", (name, names) => {
  expect(namesOf(name)).toEqual({ package: name, ...names })
})

test("the function is not called as something that the template's code uses", () => {
  expect(namesOf("convert", new Set(["convert"])).factory).toBe("convertPlugin")
})

test.each([
  ["My Tool", "my-tool"],
  ["@Me/Tool", "@me/tool"],
  ["../tool", "tool"],
  ["-tool", "tool"],
  ["_tool", "tool"],
  ["werkzeug-ü", "werkzeug"],
  ["node_modules", "node-modules"],
  ["a".repeat(215), "a".repeat(60)],
  ["", "unnamed"],
])("%s is no name for npm, and the sentence has one that is", (name, meant) => {
  expect(() => namesOf(name)).toThrow(`npm takes no package named ${JSON.stringify(name)}`)
  expect(() => namesOf(name)).toThrow(`How about ${meant}?`)
  expect(namesOf(meant).package).toBe(meant)
})
