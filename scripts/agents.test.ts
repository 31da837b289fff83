import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const root = fileURLToPath(new URL("../", import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), "utf8")

test("what AGENTS.md names is there", () => {
  const links = [...read("AGENTS.md").matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!)
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([])
})

test("llms.txt names every contract's page, and no page that the site has not", () => {
  const linked = [...read("docs/public/llms.txt").matchAll(/\]\(\/([^)]+)\)/g)].map(([, target]) => target!)
  const [, names] = /const contracts = \[([^\]]+)\]/.exec(read("docs/.vitepress/config.mjs"))!
  const contracts = [...names!.matchAll(/"([^"]+)"/g)].map(([, name]) => `contracts/${name}`)
  expect(linked.filter((target) => target.startsWith("contracts/")).sort()).toEqual([...contracts].sort())
  const site = read("docs/.vitepress/config.mjs")
  for (const target of linked.filter((each) => !each.startsWith("contracts/"))) expect(site).toContain(`"/${target}"`)
})
