import { messageText, PluginFailure, SwirlError } from "@swirl-ts/core"
import { describe, expect, test } from "vitest"
import { benchmarkChecks, pluginChecks, runChecks, toolChecks } from "../index.ts"
import { checksOf } from "./check.ts"

describe("what many checks fail by", () => {
  const behaviours = {
    loads: () => {
      throw new PluginFailure("Benchmark capitals: load failed: no file")
    },
    asks: () => {
      throw new PluginFailure("Benchmark capitals: load failed: no file")
    },
    scores: () => {
      throw new PluginFailure("Benchmark capitals: score failed: no answer")
    },
  }

  test("is said once, by the name that it has, and the others are skipped", async () => {
    const checks = checksOf("The benchmark capitals", behaviours, {})
    const said = [
      { name: "loads", status: "failed", reason: "The benchmark capitals: load failed: no file" },
      { name: "asks", status: "skipped", reason: 'it fails as "loads" does' },
      { name: "scores", status: "failed", reason: "The benchmark capitals: score failed: no answer" },
    ]
    expect(await runChecks(checks)).toMatchObject(said)
    expect(await runChecks(checks)).toMatchObject(said)
  })

  test("a check that is run by itself fails by it", async () => {
    const checks = checksOf("The benchmark capitals", behaviours, {})
    expect(await runChecks([checks[1]!])).toMatchObject([{ name: "asks", status: "failed" }])
  })

  test("what was not given skips a check where it may; what the plugin gave fails it", async () => {
    const usage = { kind: "usage" } as const
    const checks = checksOf(
      "The benchmark capitals",
      {
        file: () => {
          throw new SwirlError("There is no file.", usage)
        },
        task: () => {
          throw new PluginFailure("Its id is 17.", usage)
        },
      },
      { missing: "skip" },
    )
    expect(await runChecks(checks)).toMatchObject([{ status: "skipped" }, { status: "failed" }])
  })
})

describe("an option that there is not is refused with the one that was meant", () => {
  const tool = { description: "a tool", inputSchema: {}, execute: () => "" } as never
  const plugin = {
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    tools: { a: tool },
    [Symbol.for("swirl-ts.plugin")]: true,
  }
  test.each<[string, () => unknown, string]>([
    [
      "of a tool",
      () => toolChecks(tool, { name: "a", vlaid: [] } as never),
      'The tool a: its test has no option "vlaid". Did you mean "valid"?',
    ],
    [
      "of a benchmark",
      () => benchmarkChecks({} as never, { goldAnswers: () => "" } as never),
      'has no option "goldAnswers". Did you mean "goldAnswer"?',
    ],
    [
      "of a call",
      () => toolChecks(tool, { valid: [{ input: {}, ouput: "" }] } as never),
      'a valid call has no field "ouput". Did you mean "output"?',
    ],
    [
      "of a call that is refused",
      () => toolChecks(tool, { invalid: [{ input: {}, errors: "" }] } as never),
      'an invalid call has no field "errors". Did you mean "error"?',
    ],
    [
      "of a plugin",
      () => pluginChecks(plugin, { tols: {} } as never),
      'The plugin own: its test has no option "tols". Did you mean "tools"?',
    ],
    [
      "of what it contributes",
      () => pluginChecks(plugin, { tools: { a: { invlaid: [] } } } as never),
      'The tool a: its test has no option "invlaid". Did you mean "invalid"?',
    ],
  ])("%s", (_, make, sentence) => {
    expect(make).toThrow(sentence)
  })
})

test("what fails where something given is read is no place in the plugin's code", async () => {
  const [result] = await runChecks(checksOf("The thing mine", { gives: () => messageText(undefined as never) }, {}))
  expect(result!.reason).toMatch(/^The thing mine: what it gave cannot be used: "Cannot read .*" when it is read\. /)
  expect(result!.reason).not.toMatch(/\.ts:/)
})
