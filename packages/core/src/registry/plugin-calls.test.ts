import { expect, test } from "vitest"
import { SwirlError } from "../errors.ts"
import { callPlugin, callPluginFor, PluginFailure, whoseIs } from "./plugin-calls.ts"

const call = { whose: "Judge mine/strict", what: "create" }
const fails = (): never => {
  throw new TypeError("x is undefined")
}

test("what a plugin's code throws, at once or later, is told by its name; its own sentences stay", async () => {
  expect(() => callPlugin(call, fails)).toThrow(new PluginFailure("Judge mine/strict: create failed: x is undefined"))
  const late = callPlugin(call, () => Promise.reject(new Error("boom")))
  await expect(late).rejects.toThrow("Judge mine/strict: create failed: boom")
  const own = new SwirlError("No key is set.", { kind: "usage" })
  await expect(callPlugin(call, () => Promise.reject(own))).rejects.toBe(own)
  expect(callPlugin(call, () => 7)).toBe(7)
  expect(await callPlugin(call, async () => 7)).toBe(7)
})

test("after an abort its reason is thrown, whatever the code made of it", () => {
  const abortSignal = AbortSignal.abort(new Error("stopped"))
  expect(() => callPlugin({ ...call, abortSignal }, fails)).toThrow("stopped")
})

test.each<[Parameters<typeof callPluginFor>[0], unknown, string]>([
  ["judge", undefined, "create gave no judge that can be used: it is no object"],
  ["judge", { identity: "" }, '"identity" cannot be used: it should not be empty; "judge" is missing'],
  ["model", { identity: "x", model: "gpt" }, '"model" cannot be used: it should be an object, but is the text "gpt"'],
  ["model", { identity: "x", model: {} }, '"model.doGenerate" cannot be used: it should be a function'],
  ["passage index", [], "create gave no passage index that can be used: it is no object"],
  ["embedder", { identity: "x", embed() {} }, '"dimensions" is missing'],
  ["engine", { dispose() {} }, '"sample" is missing'],
  ["training result", { checkpoint: "x", steps: "7", alarms: [] }, '"steps" cannot be used: it should be a number'],
  ["metrics", { exact: "1" }, '"exact" cannot be used: it should be a number'],
  ["tool", { description: "bound" }, '"execute" is missing'],
])("what is no %s is told by the plugin's name: %j", async (thing, given, problem) => {
  const wrong = callPluginFor(thing, call, () => given)
  await expect(wrong).rejects.toThrow(PluginFailure)
  await expect(wrong).rejects.toThrow(/^Judge mine\/strict: create gave no /)
  await expect(wrong).rejects.toThrow(problem)
})

test("things may be of a class, with members that are read when they are used", async () => {
  class Strict {
    identity = "strict"
    get costly(): never {
      throw new Error("was read")
    }
    judge() {}
  }
  const judge = new Strict()
  expect(await callPluginFor("judge", call, async () => judge)).toBe(judge)
})

test("who is called is named by kind and full name", () => {
  expect(whoseIs({ kind: "outcomeJudges", fullName: "mine/strict" })).toBe("Outcome judge mine/strict")
})
