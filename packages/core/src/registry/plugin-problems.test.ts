import { expect, test } from "vitest"
import { z } from "zod"
import { type ContributionKind, contributionKinds, definePlugin } from "./plugin.ts"
import { pluginProblems } from "./plugin-problems.ts"

const meta = { name: "mine", version: "1.0.0", apiVersion: 1 } as const
const problems = (definition: object): string[] => pluginProblems(definePlugin({ meta, ...definition } as never))
const tool = { description: "echoes", inputSchema: z.object({ text: z.string() }), execute: () => "" }
const judge = { description: "", create: () => {} }
const opened = { description: "", open: () => {} }
const name = { name: "x" }

/** Enough of each kind. */
const enough: Record<Exclude<ContributionKind, "benchmarks">, object> = {
  tools: tool,
  models: opened,
  actionFormats: {
    ...name,
    description: "",
    requestTools() {},
    parse() {},
    write() {},
    turn() {},
    reply() {},
    describe() {},
  },
  judges: judge,
  oracles: judge,
  outcomeJudges: judge,
  filters: { description: "", needs: ["process"], keep: () => true },
  retrievers: opened,
  embedders: opened,
  algorithms: { description: "", train() {} },
  engines: { description: "", create() {} },
  jobEngines: { description: "", algorithms: ["swirl"], judges: [], train() {} },
}

test("a plugin with enough of each kind has no problem", () => {
  expect(problems(Object.fromEntries(Object.entries(enough).map(([kind, value]) => [kind, { x: value }])))).toEqual([])
})

test("members may be those of a class", () => {
  class Echo {
    description = "echoes"
    inputSchema = tool.inputSchema
    execute() {}
  }
  expect(problems({ tools: { echo: new Echo() } })).toEqual([])
})

test.each(Object.entries(enough))(
  "each member that a contribution to %s has to have is missed by its name",
  (kind, value) => {
    // A tool of the AI SDK may lack its description: that is said, and no problem.
    const needed = Object.keys(value).filter((key) => !(kind === "tools" && key === "description"))
    for (const key of needed) {
      const found = problems({ [kind]: { x: { ...value, [key]: undefined } } })
      expect(found).toEqual([expect.stringContaining(`"x", "${key}" is missing`)])
      const wrong = problems({ [kind]: { x: { ...value, [key]: 7 } } })
      expect(wrong).toEqual([expect.stringContaining(`"x", "${key}" cannot be used`)])
    }
  },
)

test.each(contributionKinds)("what is no contribution to %s, and what is no list by name, is told", (kind) => {
  for (const nothing of [null, undefined, 7, "text", []])
    expect(problems({ [kind]: { x: nothing } })).toEqual([expect.stringMatching(/^of its .* "x", /)])
  for (const nothing of [null, 7, "text", []])
    expect(problems({ [kind]: nothing })).toEqual([expect.stringContaining(`"${kind}" has to be an object`)])
})

test("all problems are told at once, unknown keys with what was meant", () => {
  expect(problems({ tolls: {}, judges: { x: {} }, models: { y: opened, z: { description: "" } } })).toEqual([
    expect.stringMatching(/^"tolls" is no kind of contribution \(did you mean "tools"\?\)/),
    'of its model "z", "open" is missing',
    'of its judge "x", "description" is missing; "create" is missing',
  ])
})

test.each([
  ["two words", /letters of a to z/],
  ["größe", /letters of a to z/],
  ["files.read", /letters of a to z/],
  ["3d", /letters of a to z/],
  ["", /letters of a to z/],
  ["a".repeat(65), /65 characters/],
  ["answer", /how a model gives its answer/],
  ["Answer", /how a model gives its answer/],
])("a tool's name that action formats cannot write or read is told: %s", (bad, problem) => {
  expect(problems({ tools: { [bad]: tool } })).toEqual([expect.stringMatching(problem)])
})

test.each([
  [{ name: "answer", argument: "text" }, '"tag.name" cannot be used: "answer" is how a model gives its answer'],
  [{ name: "a b", argument: "text" }, '"tag.name" cannot be used: it has to be letters'],
])("a tag that cannot be written or read is told: %j", (tag, problem) => {
  expect(problems({ tools: { x: { ...tool, tag } } })[0]).toContain(problem)
})

test.each([
  [{ filters: { "a/b": enough.filters } }, "without blanks"],
  [{ models: { "a:b": opened } }, "without blanks"],
  [{ actionFormats: { y: enough.actionFormats } }, 'its "name" is "x", which has to be the same'],
])("names that could not be found again are told: %j", (definition, problem) => {
  expect(problems(definition)[0]).toContain(problem)
})

test("what lets go of things is a function", () => {
  expect(problems({ dispose() {}, tools: { x: { ...tool, dispose() {} } } })).toEqual([])
  expect(problems({ dispose: 1, tools: { x: { ...tool, dispose: 1 } } })).toEqual([
    '"dispose" has to be a function',
    'of its tool "x", "dispose" cannot be used: it should be a function',
  ])
})

test("a plugin for another API is told so and nothing else", () => {
  expect(pluginProblems(definePlugin({ meta: { ...meta, apiVersion: 2 }, tolls: {} } as never))).toEqual([
    "it was made for plugin API 2, this is API 1; install a matching version",
  ])
  expect(problems({ meta: undefined })[0]).toMatch(/^meta\.name/)
  expect(problems({ meta: { ...meta, version: 1 } })).toEqual(['meta.version has to be a text, e.g. "1.0.0"'])
})
