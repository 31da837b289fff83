/** MCP both ways, by real processes: servers whose tools the command uses, and the command as a server. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, readFileSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { jsonLines, sourceFlags, swirlCommand, swirlIn, temporaryFolder, until } from "@swirl-ts/test-support"
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

test("a call that takes too long is an error that the model sees, and the server is told", async () => {
  const swirl = swirlIn(temporaryFolder({ "swirl.config.ts": config(`{ near: ${byStdio} }`) }))
  const late = await swirl("tool", "near_wait", '{"milliseconds": 60000}', "--tool-timeout", "0.5", "--json")
  expect([late.code, late.json.isError]).toEqual([1, true])
  expect(late.json.output).toContain("near_wait did not end within 0.5 s")
  expect(late.stderr).toContain("the wait was cancelled")
})

test("the config of the README of tools-mcp does what is said beside it", async () => {
  const readme = readFileSync(new URL("../../tools-mcp/README.md", import.meta.url), "utf8")
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)![1]!
  // What npm installs, but from source: the packages, and the command for npx.
  const shell = `#!/bin/sh\nexec "${process.execPath}" ${sourceFlags.join(" ")} "${swirlCommand}" "$@"\n`
  const directory = temporaryFolder({
    "swirl.config.ts": block("ts"),
    "package.json": { type: "module" },
    "node_modules/.bin/swirl": shell,
  })
  chmodSync(join(directory, "node_modules/.bin/swirl"), 0o755)
  const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
  symlinkSync(packages, join(directory, "node_modules/@swirl-ts"))
  const swirl = swirlIn(directory)
  const commands = block("sh").trim().split("\n")
  expect(commands).toHaveLength(2)
  for (const line of commands) {
    const [, command, expected] = /^npx --no -- swirl (.*?) +# (\S+)/.exec(line)!
    const { code, stdout, stderr } = await swirl(
      ...command!.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', "")),
    )
    expect([code, stderr]).toEqual([0, expect.any(String)])
    expect(stdout).toContain(expected)
  }
}, 120_000)

const passages = jsonLines([
  { title: "Mira", text: "Mira was born in Oslo." },
  { title: "Oslo", text: "Oslo lies in Norway." },
])
const folder = temporaryFolder({
  "wiki.jsonl": passages,
  "loud.mjs": `
    console.log("printed while loading")
    export default {
      meta: { name: "loud", version: "1.0.0", apiVersion: 1 },
      tools: { shout: {
        description: "Shouts.",
        inputSchema: { jsonSchema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] } },
        execute: ({ word }) => { console.log("printed by a tool"); process.stdout.write("written by a tool\\n"); return word.toUpperCase() },
      } },
      [Symbol.for("swirl-ts.plugin")]: true,
    }`,
})
const mcpArguments = (...more: string[]) => [...sourceFlags, swirlCommand, "mcp", ...more]

const textOf = (result: Awaited<ReturnType<Client["callTool"]>>) =>
  result.content.map((part) => (part.type === "text" ? part.text : part.type)).join()

test("swirl mcp serves loaded tools and a search tool for each corpus to the SDK's client", async () => {
  const args = mcpArguments("--plugin", "./loud.mjs", "--corpus", "wiki.jsonl", "--search-option", "count=2")
  const transport = new StdioClientTransport({ command: process.execPath, args, cwd: folder, stderr: "pipe" })
  const client = new Client({ name: "test", version: "1.0.0" })
  const strange: Error[] = []
  client.onerror = (error) => strange.push(error)
  await client.connect(transport)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name).sort()).toEqual(["calculator", "search_wiki", "shout"])
  expect(tools.find(({ name }) => name === "search_wiki")?.description).toContain("passages of wiki")
  const call = async (name: string, input: Record<string, unknown>) => client.callTool({ name, arguments: input })
  const sums = await Promise.all([1, 2, 3].map((n) => call("calculator", { expression: `${n} * 100` })))
  expect(sums.map(textOf)).toEqual(["100.0", "200.0", "300.0"])
  expect(await call("calculator", { expression: "1/0" })).toMatchObject({ isError: true })
  expect(await call("calculator", { sum: "1" })).toMatchObject({ isError: true })
  expect(textOf(await call("shout", { word: "hi" }))).toBe("HI")
  expect(textOf(await call("search_wiki", { query: "Oslo" }))).toBe(
    "[1] Oslo: Oslo lies in Norway.\n[2] Mira: Mira was born in Oslo.",
  )
  // Whatever is on standard output and no message of the protocol would be one of these.
  expect(strange).toEqual([])
  const { pid } = transport
  await client.close()
  await until(() => !isRunning(pid!))
})

test("swirl mcp ends with code 0 when its input is closed, and on SIGTERM, and prints nothing but the protocol", async () => {
  for (const end of ["input", "signal"]) {
    const child = spawn(process.execPath, mcpArguments("calculator"), { cwd: folder, stdio: ["pipe", "pipe", "pipe"] })
    let out = ""
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
    await until(() => said.includes("Serving 1 tool on standard input and output: calculator."))
    if (end === "input") child.stdin.end()
    else child.kill("SIGTERM")
    expect([await once(child, "exit"), out]).toEqual([[0, null], ""])
  }
})

test("swirl mcp serves by HTTP to this machine alone", async () => {
  const child = spawn(process.execPath, mcpArguments("--port", "0"), { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
  let said = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
  await until(() => said.includes("/mcp: calculator."))
  const url = /http:\S+\/mcp/.exec(said)![0]
  for (const mode of ["legacy", "auto"] as const) {
    const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } })
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    const sum = await client.callTool({ name: "calculator", arguments: { expression: "2 + 3" } })
    expect(textOf(sum)).toBe("5.0")
    await client.close()
  }
  const foreign = await fetch(url, { method: "POST", headers: { origin: "http://evil.example" }, body: "{}" })
  expect(foreign.status).toBe(403)
  const taken = await swirlIn(folder)("mcp", "--port", new URL(url).port)
  expect([taken.code, taken.stdout]).toEqual([2, ""])
  expect(taken.stderr).toMatch(/Port \d+ cannot be used: .*EADDRINUSE.*Choose another by --port/)
  child.kill("SIGTERM")
  expect(await once(child, "exit")).toEqual([0, null])
})

test("what cannot be served is wrong usage", async () => {
  const swirl = swirlIn(folder)
  for (const [args, message] of [
    [["search"], /The tool search searches passages: name a file of them, or a benchmark, by --corpus\./],
    [["calculater"], /no tool "calculater"\. Did you mean "calculator"\?/],
    [["--corpus", "nowhere.jsonl"], /There is no file .*nowhere\.jsonl/],
    [["--corpus", "wiki.jsonl", "--search-option", "cuont=2"], /no option "cuont"\. Did you mean "count"\?/],
    [["--corpus", "wiki.jsonl", "--corpus", "./wiki.jsonl"], /Two tools would be served as search_wiki/],
  ] as const) {
    const { code, stdout, stderr } = await swirl("mcp", ...args)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toMatch(message)
  }
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
