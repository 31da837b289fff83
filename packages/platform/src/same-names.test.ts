import { expect, test } from "vitest"
import * as browser from "./browser/index.ts"
import * as node from "./node/index.ts"

test("a browser has every name that Node has here, and no other", () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort())
})

test("SHA-256, CRC-32, UTF-8 and gzip come out as Node's", async () => {
  for (const text of ["", "abc", "größer \u{1f600}".repeat(500)]) {
    expect(browser.createHash("sha256").update(text).digest("hex")).toBe(
      node.createHash("sha256").update(text).digest("hex"),
    )
    expect(browser.crc32(text.slice(3), browser.crc32(text.slice(0, 3)))).toBe(node.crc32(text))
  }
  expect(
    browser
      .createHash("sha256")
      .update("a")
      .update(new Uint8Array([98]))
      .digest()
      .equals(node.createHash("sha256").update("ab").digest()),
  ).toBe(true)
  const begun = browser.createHash("sha256").update("a")
  const copy = begun.copy().update("b").digest("hex")
  expect(begun.digest("hex")).toBe(node.createHash("sha256").update("a").digest("hex"))
  expect(copy).toBe(node.createHash("sha256").update("ab").digest("hex"))
  expect(browser.isUtf8(Buffer.from("é"))).toBe(true)
  expect(browser.isUtf8(Buffer.from([0xc3, 0x28]))).toBe(false)
  const { gzipSync } = await import("node:zlib")
  async function* packed() {
    yield gzipSync("many words ".repeat(1000)).subarray(0)
  }
  let text = ""
  for await (const piece of browser.gunzipped(packed())) text += Buffer.from(piece).toString()
  expect(text).toBe("many words ".repeat(1000))
})

test("waiting ends early with the signal's reason", async () => {
  const controller = new AbortController()
  const waiting = browser.pause(60_000, undefined, { signal: controller.signal })
  controller.abort(new Error("enough"))
  await expect(waiting).rejects.toThrow("enough")
  expect(await browser.pause(1, "there")).toBe("there")
  expect(await browser.nextTurn("next")).toBe("next")
})

test("whose code runs is known while it runs", () => {
  const names = new browser.AsyncLocalStorage<string>()
  expect(names.run("outer", () => [names.run("inner", () => names.getStore()), names.getStore()])).toEqual([
    "inner",
    "outer",
  ])
  expect(names.getStore()).toBeUndefined()
})
