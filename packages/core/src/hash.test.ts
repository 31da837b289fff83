import fc from "fast-check"
import { expect, test } from "vitest"
import { canonicalJson, contentHash, seedFrom, slug } from "./hash.ts"
import { random } from "./random.ts"

test("the order of object keys does not change a hash, content does", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse())
      expect(contentHash(reversed)).toBe(contentHash(object))
      expect(contentHash({ ...object, added: object })).not.toBe(contentHash(object))
    }),
  )
  expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}')
})

test("seeds differ for every part and do not run parts together", () => {
  expect(seedFrom(1, "a", 2)).toBe(seedFrom(1, "a", 2))
  expect(new Set([seedFrom(1, "a", 2), seedFrom(1, "a", 3), seedFrom(1, "a2"), seedFrom("1", "a", 2)]).size).toBe(4)
})

test("slugs are safe file names", () => {
  fc.assert(fc.property(fc.string(), (text) => /^[a-z0-9][a-z0-9.-]*$/.test(slug(text))))
  expect(slug("local:./My Model/v2")).toBe("local-my-model-v2")
})

test("the generator is uniform enough, repeats with its seed, and shuffles every item once", () => {
  const draws = Array.from(
    { length: 10_000 },
    (
      (source) => () =>
        source.integer(1, 6)
    )(random(3)),
  )
  for (let face = 1; face <= 6; face++) {
    const share = draws.filter((d) => d === face).length / draws.length
    expect(Math.abs(share - 1 / 6)).toBeLessThan(0.015)
  }
  expect(random(5).shuffle([1, 2, 3, 4])).toEqual(random(5).shuffle([1, 2, 3, 4]))
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer()), (seed, items) => {
      expect(random(seed).shuffle(items).sort()).toEqual([...items].sort())
    }),
  )
})
