import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { runPage } from "./run-page.ts"

const page = (...blocks: string[]): string => blocks.map((block) => `\`\`\`sh\n${block}\n\`\`\`\n`).join("\n")

test("a server that a block leaves running is not waited for, and the next block stands where the reader does", () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, "in"))
  const started = performance.now()
  const server = "sleep 60 > server.log 2>&1 &\necho $! > server.pid\ncd in"
  const printed = runPage(page(server, "pwd > here\nkill $(cat ../server.pid) && echo ended"), {
    folder,
    environment: process.env,
  })
  expect(performance.now() - started).toBeLessThan(30_000)
  expect(printed).toContain("ended")
  expect(existsSync(join(folder, "in", "here"))).toBe(true)
}, 90_000)

test("a command that ends otherwise than it is written names its line", () => {
  expect(() => runPage(page("false"), { folder: temporaryFolder(), environment: process.env })).toThrow(
    "line 1: exit code 1 in place of 0",
  )
})
