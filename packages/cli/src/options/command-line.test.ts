import { afterEach, expect, test, vi } from "vitest"
import { commands } from "../commands/all.ts"
import { type Command, defineCommand } from "../commands/command.ts"
import { readCommandLine } from "./command-line.ts"
import { namedValue, positive } from "./values.ts"

const command = defineCommand({
  name: "try",
  description: "a command of this test",
  arguments: { first: {}, rest: { many: true } },
  options: {
    stepTokens: { value: "<n>", parse: positive, environment: "SWIRL_TEST_TOKENS", default: 5 },
    option: { value: "<name=value>", parse: namedValue, repeatable: true },
    setting: { value: "[name]", short: "-s" },
    mode: { value: "<mode>", choices: ["text", "vector"] },
    gold: { value: "<file>", required: true },
  },
  run: () => undefined,
  text: () => "",
})
const said: string[] = []
const read = (...args: string[]) => {
  vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))))
  const given = readCommandLine(["try", ...args], [command as Command])
  return typeof given === "number" ? given : given.given
}
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  said.length = 0
})

test("what was given is there by name, read; what was not is absent, whatever its default", () => {
  expect(read("a", "b", "c", "--gold", "g")).toEqual({ first: "a", rest: ["b", "c"], gold: "g" })
  const flags = ["--step-tokens", "9", "--option", "a=0.5", "--option", "b=x=y", "-s", "--json", "--gold", "g"]
  expect(read("a", "b", ...flags)).toEqual({
    first: "a",
    rest: ["b"],
    gold: "g",
    stepTokens: 9,
    option: [
      ["a", 0.5],
      ["b", "x=y"],
    ],
    setting: true,
    json: true,
  })
})

test("the environment speaks where no flag does", () => {
  vi.stubEnv("SWIRL_TEST_TOKENS", "12")
  expect(read("a", "b", "--gold", "g")).toMatchObject({ stepTokens: 12 })
  expect(read("a", "b", "--gold", "g", "--step-tokens", "9")).toMatchObject({ stepTokens: 9 })
  vi.stubEnv("SWIRL_TEST_TOKENS", "none")
  expect([read("a", "b", "--gold", "g"), said.join("")]).toEqual([
    2,
    expect.stringMatching(/'none' from env 'SWIRL_TEST_TOKENS' is invalid. It has to be a whole number, 1 or more/),
  ])
})

test.each([
  [["a", "b"], /--gold <file>' not specified/],
  [["a", "b", "--gold", "g", "--step-tokens", "0"], /--step-tokens <n>' argument '0' is invalid. It has to be a whole/],
  [["a", "b", "--gold", "g", "--option", "a"], /An option is name=value/],
  [["a", "b", "--gold", "g", "--mode", "sound"], /Allowed choices are text, vector/],
  [["a", "--gold", "g"], /missing required argument 'rest'/],
  [["--gold", "g", "--sord", "x"], /unknown option '--sord'/],
])("%j is wrong usage, in one sentence with where to look", (args, problem) => {
  expect([read(...args), said.join("")]).toEqual([2, expect.stringMatching(problem)])
  expect(said.join("")).toContain("(swirl try --help lists what there is)")
})

test("every command is in a file of its name", async () => {
  for (const [name, load] of Object.entries(commands)) expect((await load()).command.name).toBe(name)
})
