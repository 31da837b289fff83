/** `swirl demo` beside folders of earlier demos: one that cannot be read is told, and nothing is written. */
import { folderDigests, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test.each([
  [
    "torn",
    '{"schema": "swirl.matrix/1", "rows": [',
    /^.*runs.demo-7-wasm.matrix\.json is not a record that can be read: .*\.$/m,
  ],
  ["newer", '{"schema": "swirl.matrix/2"}', /^.*runs.demo-7-wasm.matrix\.json is of a newer version of swirl-ts.*\.$/m],
])(
  "a matrix of an earlier demo that is %s ends the demo with a sentence, before it begins",
  async (_, matrix, told) => {
    const folder = temporaryFolder({ "runs/demo-7-wasm/matrix.json": matrix })
    const before = folderDigests(folder)
    const { code, stdout, stderr } = await swirlIn(folder)("demo", "--backend", "wasm")
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(told)])
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(folderDigests(folder)).toEqual(before)
  },
)
