/** MCP both ways, by real processes: servers whose tools the command uses, and the command as a server. */
import { fileURLToPath } from "node:url"
import { sourceFlags, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const source = (path: string): string => JSON.stringify(fileURLToPath(new URL(`../../${path}`, import.meta.url)))
const server = fileURLToPath(new URL("../../tools-mcp/test/server-child.ts", import.meta.url))
const byStdio = JSON.stringify({ command: process.execPath, args: [...sourceFlags, server, "stdio"] })

const config = (servers: string): string => `
  import { calculator } from ${source("tools-calculator/src/index.ts")}
  import { mcp } from ${source("tools-mcp/src/index.ts")}
  export default { plugins: [calculator(), mcp({ servers: ${servers} })] }
`

test("servers in the config: their tools are there beside the others, and are called by name", async () => {
  const swirl = swirlIn(temporaryFolder({ "swirl.config.ts": config(`{ near: ${byStdio} }`) }))
  const { json } = await swirl("list", "tools", "--json")
  const names = json.entries.map(({ fullName }: { fullName: string }) => fullName)
  expect(names).toEqual(
    expect.arrayContaining(["tools-calculator/calculator", "tools-mcp/near_add", "tools-mcp/near_echo"]),
  )
  const called = await swirl("tool", "near_add", '{"a": 2, "b": 3}', "--json")
  expect([called.code, called.json.isError]).toEqual([0, false])
  expect(called.json.output).toContain('{"sum":5}')
  expect(called.stderr).toContain("near: test server is ready")
  const failed = await swirl("tool", "near_fail", "{}")
  expect([failed.code, failed.stdout]).toEqual([1, "no such file\n"])
})

test("a server that cannot be used takes nothing else down, and is named where its tool is missed", async () => {
  const servers = '{ near: { command: "no-such-command" } }'
  const swirl = swirlIn(temporaryFolder({ "swirl.config.ts": config(servers) }))
  const sum = await swirl("tool", "calculator", "2+3")
  expect([sum.code, sum.stdout]).toEqual([0, "5.0\n"])
  expect(sum.stderr).toMatch(/The MCP server "near" \(no-such-command\) cannot be used: there is no command/)
  const missed = await swirl("tool", "near_add", "{}")
  expect([missed.code, missed.stdout]).toEqual([2, ""])
  expect(missed.stderr).toMatch(/There is no tool "near_add".*could not be loaded: plugin 2 of the config/)
})
