import { describe, expect, it } from "vitest"
import {
  completed,
  license,
  packageFolders,
  readLicense,
  readManifest,
  readmeProblems,
  readPage,
  readReadme,
} from "./package-standard.ts"

const how = "node scripts/bootstrap.mjs scripts/package-standard.ts writes it"

describe.each(packageFolders)("packages/%s", (folder) => {
  const manifest = readManifest(folder)

  it("says what every package says", () => {
    expect(JSON.stringify(manifest, null, 1), how).toBe(JSON.stringify(completed(manifest, folder), null, 1))
  })

  it("has a name like its folder's, and a description", () => {
    expect(manifest.name).toBe(`@swirl-ts/${folder}`)
    expect(manifest.description).toMatch(/^[A-Z].+[.]$/)
  })

  it.skipIf(manifest.private)("has the licence of the whole, and words that it is found by", () => {
    expect(readLicense(folder), how).toBe(license)
    expect(manifest.keywords!.length).toBeGreaterThan(1)
  })

  it.skipIf(manifest.private)("has a README that is short, and says what to install and where more is", () => {
    expect(readmeProblems(readReadme(folder), folder, readPage(folder))).toEqual([])
  })
})

it("names what a README lacks", () => {
  const at = "https://github.com/swirl-ts/swirl-ts/blob/main/"
  expect(readmeProblems(`${"word ".repeat(601)}${at}docs/nowhere.md`, "kit", "a page")).toEqual([
    "it has 602 words, of 600 at most: docs/packages/kit.md is for the rest",
    "it does not say what to install",
    "no link to packages/kit",
    "no link to docs/packages/kit.md",
    "docs/nowhere.md, which it links to, is not there",
  ])
})
