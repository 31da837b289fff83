import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { utf8Text } from "./utf8-text.ts"

test("a text is read as it is, without the mark that says UTF-8", () => {
  const folder = temporaryFolder({ "a.txt": "\ufeffä\r\n" })
  expect(utf8Text(join(folder, "a.txt"), "The list")).toBe("ä\r\n")
})

test("what is no text file is refused by its name", () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "wide.txt"), Buffer.from("\ufeffwide", "utf16le"))
  const read = (name: string) => () => utf8Text(join(folder, name), "The list")
  expect(read("wide.txt")).toThrow(/^The list .*wide\.txt is no UTF-8 text\. Save it as UTF-8\.$/)
  expect(read("")).toThrow(/^The list .* it is a folder/)
  expect(read("none.txt")).toThrow(/^The list .*none\.txt cannot be read: /)
})
