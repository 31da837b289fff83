import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { checkAccess, checkHost, isLoopback } from "./access.ts"
import type { Refused } from "./request-body.ts"

const status = (headers: Record<string, string>, token?: string): number => {
  try {
    checkAccess({ headers }, token)
    return 200
  } catch (error) {
    return (error as Refused).status
  }
}

test.each([
  ["127.0.0.1", true],
  ["127.9.8.7", true],
  ["::1", true],
  ["[::1]", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
  ["", false],
])("%s is this machine alone: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
  if (expected) checkHost(host, undefined)
  else expect(() => checkHost(host, undefined)).toThrow(/wants a token: set SWIRL_JUDGE_TOKEN/)
  checkHost(host, "token")
})

describe("a request", () => {
  test("with the token is answered, as bearer or as the password of an address", () => {
    const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`
    expect(status({ authorization: "Bearer abc" }, "abc")).toBe(200)
    expect(status({ authorization: "bearer abc" }, "abc")).toBe(200)
    expect(status({ authorization: basic("swirl:abc") }, "abc")).toBe(200)
    expect(status({ authorization: basic(":a:b") }, "a:b")).toBe(200)
    for (const wrong of ["", "Bearer", "Bearer ", "Bearer ab", "Bearer abcd", "abc", basic("abc:x"), "Digest abc"])
      expect(status({ authorization: wrong }, "abc")).toBe(401)
    expect(status({}, "abc")).toBe(401)
  })

  test("with any other header is not", () => {
    fc.assert(fc.property(fc.string(), (authorization) => status({ authorization }, "the-token") === 401))
  })

  test("without a token is answered where it was sent to this machine by its own name", () => {
    for (const host of ["127.0.0.1:8790", "localhost", "[::1]:8790"]) expect(status({ host })).toBe(200)
    for (const host of ["evil.example", "evil.example:8790", ""]) expect(status({ host })).toBe(403)
    expect(status({})).toBe(403)
  })
})
