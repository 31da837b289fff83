import { SwirlError } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { isTransient, retryAfter, withRetry } from "./retry.ts"

function recorder() {
  const waits: number[] = []
  return { waits, sleep: async (milliseconds: number) => void waits.push(milliseconds) }
}

function failing(times: number, error: unknown) {
  let calls = 0
  return async () => {
    if (calls++ < times) throw error
    return calls
  }
}

const busy = (headers: Record<string, string> = {}) =>
  Object.assign(new Error("busy"), { statusCode: 429, responseHeaders: headers })

describe("trying again", () => {
  it("waits longer and longer, with jitter that the seed decides", async () => {
    const [one, same, other] = [recorder(), recorder(), recorder()]
    expect(await withRetry(failing(4, busy()), 1, { sleep: one.sleep })).toBe(5)
    await withRetry(failing(4, busy()), 1, { sleep: same.sleep })
    await withRetry(failing(4, busy()), 2, { sleep: other.sleep })
    expect(one.waits).toEqual(same.waits)
    expect(one.waits).not.toEqual(other.waits)
    one.waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(250 * 2 ** index)
      expect(wait).toBeLessThanOrEqual(500 * 2 ** index)
    })
  })

  it("never comes back before Retry-After", async () => {
    const { waits, sleep } = recorder()
    await withRetry(failing(1, busy({ "retry-after": "7" })), 1, { sleep })
    expect(waits).toEqual([7000])
  })

  it("gives up at once when the server asks for more than the longest wait", async () => {
    const { waits, sleep } = recorder()
    await expect(withRetry(failing(9, busy({ "retry-after": "3600" })), 1, { sleep })).rejects.toThrow(
      /busy.*wait 3600 s/,
    )
    expect(waits).toEqual([])
  })

  it("is bounded, and says how often it tried", async () => {
    const { waits, sleep } = recorder()
    await expect(withRetry(failing(99, busy()), 1, { sleep, attempts: 3 })).rejects.toThrow(/busy.*3 attempts/)
    expect(waits).toHaveLength(2)
  })

  it("says what it waits for, before it does", async () => {
    const { sleep } = recorder()
    const told: unknown[] = []
    const error = busy({ "retry-after": "7" })
    await withRetry(failing(1, error), 1, { sleep, onWait: (...what) => told.push(what) })
    expect(told).toEqual([[error, 7000]])
  })

  it("does not try again what would fail again", async () => {
    const { waits, sleep } = recorder()
    await expect(withRetry(failing(1, new SwirlError("no such model")), 1, { sleep })).rejects.toThrow("no such model")
    expect(waits).toEqual([])
  })

  it("ends a wait at once when it is aborted, by the abort's reason", async () => {
    const controller = new AbortController()
    const started = Date.now()
    setTimeout(() => controller.abort(new Error("enough")), 20)
    const waiting = withRetry(failing(1, busy({ "retry-after": "30" })), 1, {}, controller.signal)
    await expect(waiting).rejects.toThrow("enough")
    expect(Date.now() - started).toBeLessThan(5000)
  })
})

it.each([
  [{ statusCode: 429 }, true],
  [{ statusCode: 409 }, true],
  [{ statusCode: 408 }, true],
  [{ statusCode: 503 }, true],
  [{ statusCode: 400 }, false],
  [{ statusCode: 500, isRetryable: false }, false],
  [{ statusCode: 400, isRetryable: true }, true],
  [{ statusCode: 500, isRetryable: true, message: "the request exceeds the available context size" }, false],
  [new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) }), true],
  [new TypeError("x is not a function"), false],
  [Object.assign(new Error(), { code: "UND_ERR_HEADERS_TIMEOUT" }), true],
  [Object.assign(new Error(), { code: "ENOENT" }), false],
  ["text", false],
  [undefined, false],
])("knows a passing failure: %j %s", (error, transient) => {
  expect(isTransient(error)).toBe(transient)
})

it("reads Retry-After in seconds, milliseconds and as a date", () => {
  const read = (responseHeaders: Record<string, string>) => retryAfter({ responseHeaders })
  expect(read({ "retry-after": "1.5" })).toBe(1500)
  expect(read({ "retry-after-ms": "20", "retry-after": "9" })).toBe(20)
  expect(read({ "retry-after": new Date(Date.now() + 5000).toUTCString() })! / 1000).toBeCloseTo(4.5, 0)
  expect(read({ "retry-after": "soon" })).toBeUndefined()
  expect(read({})).toBeUndefined()
})

it("reads a date by the clock of the server, however far away ours is", () => {
  const headers = { date: "Thu, 01 Jan 2026 00:00:00 GMT", "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }
  expect(retryAfter({ responseHeaders: headers })).toBe(5000)
})
