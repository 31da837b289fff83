import { expect, test } from "vitest"
import { recordsPage } from "./records-page.ts"

test("a record's fields are written out, and a value of any JSON ends the page's reading", { timeout: 60_000 }, () => {
  const page = recordsPage()
  expect(page).toContain('schema: "swirl.response/1"')
  expect(page).toMatch(/generation: \{\n {4}text: string/)
  expect(page).toContain("providerMetadata?: { [name]: { [name]: JSON } }")
  expect(page).not.toContain("...")
})
