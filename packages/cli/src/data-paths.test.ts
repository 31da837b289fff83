import { expect, test } from "vitest"
import { dataPaths } from "./data-paths.ts"
import { loadPlugins } from "./plugins.ts"

const { registry } = await loadPlugins({ workingDirectory: "/", plugins: [] })
const read = (flags: string[], config?: Record<string, string>) => dataPaths(flags, config, registry, "/")
const gsm8k = "bench-gsm8k/gsm8k"

test("a flag goes before the config, whether they name the benchmark shortly or fully", () => {
  expect(read(["gsm8k=/flag"], { [gsm8k]: "/config", hotpotqa: "/h" })).toEqual({
    [gsm8k]: "/flag",
    "bench-hotpotqa/hotpotqa": "/h",
  })
  expect(read([`${gsm8k}=/flag`], { gsm8k: "/config" })).toEqual({ [gsm8k]: "/flag" })
  expect(read(["/all"], { gsm8k: "/config" })).toEqual({ "": "/all" })
  expect(read([], { gsm8k: "/config" })).toEqual({ [gsm8k]: "/config" })
})

test("two places for the same are refused", () => {
  expect(() => read(["/a", "/b"])).toThrow("--data names two places for every benchmark: /a and /b. Leave one.")
  expect(() => read(["gsm8k=/a", `${gsm8k}=/b`])).toThrow(`two places for ${gsm8k}: /a and /b`)
  expect(read(["/a", "gsm8k=/b"])).toEqual({ "": "/a", [gsm8k]: "/b" })
})

test("an unknown benchmark is refused, in the config too; a path with a sign in it is a path", () => {
  expect(() => read(["gsm9k=/a"])).toThrow(/gsm9k.*Did you mean/)
  expect(() => read([], { gsm9k: "/a" })).toThrow(/gsm9k/)
  expect(read(["./a=b"])).toEqual({ "": "./a=b" })
})
