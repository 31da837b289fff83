import { expect, test } from "vitest"
import { command as evaluate } from "./commands/eval.ts"
import { command as generate } from "./commands/generate.ts"
import type { CommandContext } from "./context.ts"
import { settle } from "./options/settle.ts"

const here = { directory: "/nowhere/all" } as CommandContext

test.each([
  [generate, { shards: 2 }, /give --engine, too/],
  [generate, { engine: "ray", shards: 2, shard: { index: 1, count: 2 } }, /--shard names one shard/],
  [generate, { engine: "ray", ids: ["a"] }, /--ids names tasks/],
  [generate, { engine: "ray", shards: 9, limit: 6 }, /6 tasks are fewer than 9 shards/],
  [generate, { engine: "ray", maxTokens: 9 }, /--max-tokens is what one command may use/],
  [generate, { engine: "ray", maxCost: 9 }, /--max-cost is what one command may use/],
  [generate, { engine: "ray", untilKept: 9 }, /--until-kept does not go with --engine/],
  [evaluate, { engine: "ray", junit: "a.xml" }, /--junit is written where the samples are evaluated/],
] as const)("what a cluster cannot keep is refused: %o %j", async (command, given, sentence) => {
  const values = { ...settle(command.options!, given), benchmarks: ["calc"] }
  const refused = await Promise.resolve()
    .then(() => (command.run as (context: CommandContext, values: object) => unknown)(here, values))
    .catch((error: Error) => error)
  expect(refused).toMatchObject({ kind: "usage", message: expect.stringMatching(sentence) })
})
