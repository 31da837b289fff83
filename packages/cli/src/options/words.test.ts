import { afterEach, expect, test, vi } from "vitest"
import { type Command, defineCommand } from "../commands/command.ts"
import { readCommandLine } from "./command-line.ts"
import { settle } from "./settle.ts"
import { idList, namedValue, numberOrNone, positive, price, shard, share } from "./values.ts"
import { wordsOf } from "./words.ts"

const options = {
  samples: { value: "<n>", parse: positive, default: 1 },
  temperature: { value: "<t>", parse: numberOrNone },
  ids: { value: "<list>", parse: idList },
  judgeOption: { value: "<name=value>", parse: namedValue, repeatable: true },
  price: { value: "<model=in,out>", parse: price, repeatable: true },
  baseUrl: { value: "<url>", repeatable: true, environment: "SWIRL_TEST_URL" },
  share: { value: "<share>", parse: share },
  shard: { value: "<i/n>", parse: shard },
  seed: { value: "<n>", parse: positive, environment: "SWIRL_TEST_SEED", default: 7 },
  prompt: { value: "<file>" },
  cache: {},
} as const
const command = defineCommand({
  name: "try",
  description: "of this test",
  options,
  run: () => undefined,
  text: () => "",
})
const read = (args: readonly string[]) => {
  const read = readCommandLine(["try", ...args], [command as Command])
  return typeof read === "number" ? expect.fail(`${args}`) : settle(options, read.given)
}
afterEach(() => vi.unstubAllEnvs())

test("words are read back as the values that they were made of", () => {
  const given = [
    ...[
      "--samples",
      "3",
      "--temperature",
      "none",
      "--ids",
      "a,b",
      "--judge-option",
      "x=0.5",
      "--judge-option",
      "y=z=1",
    ],
    ...[
      "--judge-option",
      'list=["a b"]',
      "--price",
      "openai:m=0.25,2",
      "--base-url",
      "http://a",
      "--base-url",
      "http://b",
    ],
    ...["--share", "0.1", "--shard", "2/4", "--prompt=-file", "--cache"],
  ]
  const values = read(given)
  expect(values).toMatchObject({ prompt: "-file", shard: { index: 2, count: 4 }, cache: true })
  expect(read(wordsOf(options, values))).toEqual(values)
})

test("what an environment said here is said there; a default is, where an environment there could say otherwise", () => {
  vi.stubEnv("SWIRL_TEST_URL", "http://c")
  expect(wordsOf(options, read([]))).toEqual(["--base-url", "http://c", "--seed", "7"])
})
