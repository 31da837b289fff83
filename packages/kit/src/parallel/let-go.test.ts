import { whoseCode } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { letGo } from "./let-go.ts"

it.each<[string, () => unknown, string[]]>([
  ["ends", async () => {}, []],
  ["ends at once", () => 1, []],
  [
    "throws",
    () => {
      throw new Error("stuck door")
    },
    ["The model mine/m could not be closed: stuck door"],
  ],
  ["rejects", () => Promise.reject("no"), ["The model mine/m could not be closed: no"]],
  ["hangs", () => new Promise(() => {}), ["The model mine/m could not be closed: it did not end within 0.05 s"]],
])("what %s is over, and what went wrong is said", async (_how, work, said) => {
  const lines: string[] = []
  const host = { log: (line: string) => void lines.push(line) }
  await letGo(work, { what: "close", whose: "the model mine/m", host, seconds: 0.05 })
  expect(lines).toEqual(said)
})

it("runs under the name of whose it is", async () => {
  let name: string | undefined
  const work = (): void => {
    name = whoseCode()
  }
  await letGo(work, { what: "dispose", whose: "the plugin own" })
  expect(name).toBe("dispose of the plugin own")
})
