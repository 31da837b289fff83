import { describe, expect, it } from "vitest"
import { completed, license, packageFolders, readLicense, readManifest } from "./package-standard.ts"

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
})
