import { expect, test } from "vitest"
import { isSwirlError } from "../errors.ts"
import { readConfig } from "./read-config.ts"

const problem = (config: unknown): string => {
  try {
    readConfig(config, "The config swirl.config.ts")
  } catch (error) {
    if (isSwirlError(error) && error.kind === "usage") return error.message
  }
  throw new Error("expected a usage error")
}

test("what a config may hold is kept, a broken plugin in its list included", () => {
  const config = {
    plugins: [7],
    models: { small: "openai:x" },
    data: { gsm8k: "data" },
    tools: { "own/convert": { timeout: 0.5, observationLimit: 2000 }, calculator: {} },
    defaults: { judge: "grounded", seed: 7, concurrency: 2, model: "small" },
  }
  expect(readConfig(config, "x")).toEqual(config)
})

test.each([
  [{ plugin: [] }, 'there is no "plugin". Did you mean "plugins"?'],
  [{ defaults: { jugde: "llm" } }, 'there is no "defaults.jugde". Did you mean "judge"?'],
  [{ defaults: { seed: "7" } }, '"defaults.seed" cannot be used: it should be a number, but is the text "7".'],
  [{ defaults: { concurrency: 0 } }, '"defaults.concurrency" cannot be used: it should be 1 or more, but is 0.'],
  [{ models: { small: 1 } }, '"models.small" cannot be used: it should be a text, but is the number 1.'],
  [
    { tools: { convert: { timeout: 0 } } },
    '"tools.convert.timeout" cannot be used: it should be more than 0, but is 0.',
  ],
  [{ tools: { convert: { timeOut: 5 } } }, 'there is no "tools.convert.timeOut". Did you mean "timeout"?'],
  [{ plugins: "gsm8k" }, '"plugins" cannot be used: it should be a list, but is the text "gsm8k".'],
])("what cannot be used of it is told with the file: %j", (config, expected) => {
  expect(problem(config)).toBe(`The config swirl.config.ts cannot be used: ${expected}`)
})

test("all of it is told at once", () => {
  expect(problem({ plugin: [], defaults: { seed: "7" } })).toMatch(/"defaults.seed".*"plugin"/)
})
