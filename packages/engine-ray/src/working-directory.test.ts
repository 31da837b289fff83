import { strFromU8, unzipSync } from "fflate"
import { expect, test } from "vitest"
import { workingDirectory } from "./working-directory.ts"

const files = { "a.py": "print(1)\n", "rows.jsonl": '{"text":"Grüße"}\n' }

test("the same files, in whatever order, are the same bytes under the same name", () => {
  const [one, two] = [
    workingDirectory(files),
    workingDirectory({ "rows.jsonl": files["rows.jsonl"], "a.py": files["a.py"] }),
  ]
  expect(one.name).toMatch(/^_ray_pkg_[0-9a-f]{16}\.zip$/)
  expect(one.uri).toBe(`gcs://${one.name}`)
  expect([two.name, two.bytes]).toEqual([one.name, one.bytes])
})

test("another content, or the same under another name, has another name", () => {
  const names = [
    files,
    { ...files, "a.py": "print(2)\n" },
    { "b.py": files["a.py"], "rows.jsonl": files["rows.jsonl"] },
  ].map((each) => workingDirectory(each).name)
  expect(new Set(names).size).toBe(3)
})

test("the zip holds the files", () => {
  const read = Object.entries(unzipSync(workingDirectory(files).bytes)).map(([path, bytes]) => [path, strFromU8(bytes)])
  expect(Object.fromEntries(read)).toEqual(files)
})
