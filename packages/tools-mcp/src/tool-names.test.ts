import fc from "fast-check"
import { expect, test } from "vitest"
import { modelNames } from "./tool-names.ts"

test("a tool is called by its server's name and its own, in characters that every format writes", () => {
  expect(modelNames([["files", "read_file"]])).toEqual(["files_read_file"])
  expect(modelNames([["files", "read.file"]])).toEqual(["files_read_file"])
  expect(modelNames([["wiki", "Überblick/alle"]])).toEqual(["wiki__berblick_alle"])
})

test("whatever servers call their tools, names are unique, and models and their servers take them", () => {
  const server = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/)
  const tools = fc.uniqueArray(fc.tuple(server, fc.oneof(fc.stringMatching(/^[ab._]{1,3}$/), fc.string())), {
    selector: (tool) => JSON.stringify(tool),
  })
  fc.assert(
    fc.property(tools, (all) => {
      const names = modelNames(all)
      expect(new Set(names).size).toBe(all.length)
      for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
    }),
  )
})

test("a name that formats can write is left to the tool that has it", () => {
  const tools = [
    ["files", "read.file"],
    ["files", "read_file"],
  ] as const
  const [mapped, own] = modelNames(tools)
  expect(own).toBe("files_read_file")
  expect(mapped).toMatch(/^files_read_file_[0-9a-f]{8}$/)
})
