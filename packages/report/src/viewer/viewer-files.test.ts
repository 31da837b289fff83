import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { copyViewerFiles } from "./viewer-files.ts"

const sources = fileURLToPath(new URL("../../viewer/", import.meta.url))

/** What of these is in a text; the text itself is too long to be shown. */
const found = (text: string, ...patterns: RegExp[]) => patterns.flatMap((pattern) => pattern.exec(text)?.[0] ?? [])

test("the viewer is one page, one classic script and one style, and asks for nothing else", async () => {
  const folder = temporaryFolder({})
  await copyViewerFiles(folder)
  const read = (name: string) => readFileSync(join(folder, name), "utf8")
  const page = read("index.html")
  expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)).toEqual([
    "viewer.css",
    "viewer.js",
  ])
  expect(page).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect(found(page, /type="?module/, /<script>/, /\son[a-z]+=/)).toEqual([])
  const script = read("viewer.js")
  expect(() => new Function(script)).not.toThrow()
  expect(script.length).toBeLessThan(150_000)
  expect(
    found(script, /\beval\(/, /\bfetch\(/, /XMLHttpRequest/, /WebSocket/, /document\.write/, /node:[a-z]+/, /ZodType/),
  ).toEqual([])
  // Where it was built.
  expect(found(script, /fileName:/, new RegExp(sources.replaceAll("\\", "/")))).toEqual([])
  expect(found(read("viewer.css"), /url\(/, /@import/)).toEqual([])
  expect(read("licenses.md")).toContain("preact")
}, 60_000)

test("no text of a record is read as markup", () => {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".tsx"))
  expect(files.length).toBeGreaterThan(20)
  for (const path of files)
    expect(
      found(readFileSync(join(sources, path), "utf8"), /innerHTML/i, /insertAdjacent/, /DOMParser/, /srcdoc/i),
    ).toEqual([])
})
