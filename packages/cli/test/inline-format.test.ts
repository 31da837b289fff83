/** Calls within one long turn in whole runs: a tiny checkpoint whose tokens are stretches of speech goes through the loop. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Step, TrajectorySchema } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, describe, expect, test } from "vitest"
import { writeSpeakingCheckpoint } from "./speaking-checkpoint.ts"

/** The last one holds more than the stop: a token may. */
const said = new Map([
  [" She has <math_exp>2 + 3</math_exp>", 40],
  [" in all.\n<answer>5</answer>", 30],
  [" hm", 15],
  [" So <math_exp>1 + 1</math_exp>.", 15],
])
const template =
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"

const directory = temporaryFolder({
  "data/train.jsonl": jsonLines(
    ["Ann", "Ben", "Chi"].map((name) => ({
      question: `${name} has 2 and buys 3. How many?`,
      answer: `${name} has 2+3 = <<2+3=5>>5 apples.\n#### 5`,
    })),
  ),
})
const swirl = swirlIn(directory, { SWIRL_BACKEND: "wasm" })
const format = ["--action-format", "inline"]
const common = ["--data", "data", "--run", "run", "--json"]
const generate = ["generate", "gsm8k", ...common, "--model", "local:tiny", ...format, "--samples", "8", "--steps", "4"]

beforeAll(() => writeSpeakingCheckpoint(join(directory, "tiny"), said, template), 60_000)

const tokens = [...said.keys()]
const contextOf = ({ contextTokenIds }: Step): string =>
  String.fromCharCode(...contextTokenIds!.map((id) => (id === 3 + tokens.length ? 10 : id + 28 - tokens.length)))

describe("the loop with calls within one turn", () => {
  test("shows worked examples as one turn with what is thought between the calls", async () => {
    const shown = ["show", "gsm8k", "--split", "train", "--data", "data", ...format, "--shots", "1"]
    const { code, stdout } = await swirl(...shown)
    expect(code).toBe(0)
    expect(stdout).toContain("[assistant]\nBen has <math_exp>2+3</math_exp> -> 5.0 apples.\n<answer>5</answer>")
  }, 60_000)

  test("generates: results are put into the turn, nothing else is, and only a malformed turn is ended", async () => {
    expect((await swirl(...generate)).json).toMatchObject({ trajectories: 24, errors: 0 })
    const file = join(directory, "run/trajectories.jsonl")
    const trajectories = await Array.fromAsync(readRecords(file, TrajectorySchema))
    const pairs = trajectories.flatMap(({ steps }) =>
      steps.slice(1).map((step, index) => [steps[index]!, step] as const),
    )
    const after = Map.groupBy(pairs, ([before]) => before.kind)
    expect(after.get("tool")!.length).toBeGreaterThan(4)
    for (const [{ call, tokenIds, text }, next] of after.get("tool")!) {
      expect(tokenIds).toHaveLength(1)
      expect(text.endsWith("</math_exp>")).toBe(true)
      expect(contextOf(next)).toBe(call!.query === "2 + 3" ? " -> 5.0" : " -> 2.0")
    }
    for (const [{ tokenIds }, next] of after.get("malformed")!) {
      expect(tokenIds).toHaveLength(2)
      expect(next.contextTokenIds).toContain(2)
    }
    expect((await swirl(...generate)).json).toMatchObject({ trajectories: 24, reused: 24 })
  }, 120_000)

  test("trains on stretches: actions stop at the tag, and what was put in is never trained on", async () => {
    expect((await swirl("judge", ...common)).code).toBe(0)
    const train = ["train", ...common, "--model", "local:tiny", "--strategy", "none", "--judge", "form"]
    const settings = [
      ...train,
      "--rollout-tasks",
      "2",
      "--iterations",
      "2",
      "--option",
      "states=4",
      "--option",
      "samples=8",
    ]
    const dry = (await swirl(...settings, "--dry-run")).json
    expect(new Set(dry.actions.map(({ kind }: { kind: string }) => kind))).toContain("tool")
    for (const { kind, text } of dry.actions) if (kind === "tool") expect(text.endsWith("</math_exp>")).toBe(true)
    for (const { tokens: of } of dry.rows) expect(of.length).toBeLessThanOrEqual(2)
    const trained = await swirl(...settings)
    expect(trained.json).toMatchObject({ steps: 2 })
    expect(existsSync(trained.json.checkpoint)).toBe(true)
  }, 180_000)
})
