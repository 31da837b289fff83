/** Real servers: processes, and HTTP on this machine. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { callTool } from "@swirl-ts/core"
import { ended, lines, sourceFlags, startChild, temporaryFolder, testHost, until } from "@swirl-ts/test-support"
import { afterEach, describe, expect, test } from "vitest"
import { type McpOptions, type McpServer, mcp } from "./index.ts"
import type { McpPlugin } from "./plugin.ts"

const script = new URL("../test/server-child.ts", import.meta.url)
const byStdio: McpServer = { command: process.execPath, args: [...sourceFlags, fileURLToPath(script), "stdio"] }
const headers = { "x-key": "secret" }
const call = { toolCallId: "1", messages: [] }

const opened: McpPlugin[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((plugin) => plugin.dispose()))
})

async function open(servers: McpOptions["servers"]): Promise<McpPlugin["tools"]> {
  const plugin = await mcp({ servers })
  opened.push(plugin)
  return plugin.tools
}

async function httpServer(port = "0") {
  const child = startChild(script, "http", port)
  await lines(child, 1)
  return { child, url: child.output().trim() }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("a server that is a process, and one by HTTP", () => {
  test("offer the same tools, each under its server's name, with what they return", async () => {
    const { child, url } = await httpServer()
    const tools = await open({ near: byStdio, far: { url, headers } })
    const own = ["echo", "add", "wait", "fail", "picture", "read_file", "process", "environment", "die", "die_reading"]
    expect(Object.keys(tools)).toEqual([...own.map((name) => `near_${name}`), ...own.map((name) => `far_${name}`)])
    for (const server of ["near", "far"]) {
      const run = (name: string, input: unknown) => callTool(tools[`${server}_${name}`]!, input, call)
      expect(await run("echo", { text: "hello" })).toMatchObject({ text: "hello", isError: false })
      expect((await run("add", { a: 2, b: 3 })).text).toContain('{"sum":5}')
      expect(await run("fail", {})).toMatchObject({ text: "no such file", isError: true })
      const { text } = await run("picture", {})
      for (const part of ["a red dot", "image/png", "notes of the dot", "dot.png"]) expect(text).toContain(part)
      expect(await run("read_file", {})).toMatchObject({ text: "read" })
      expect(await run("add", { a: "two", b: 3 })).toMatchObject({ isError: true })
    }
    expect(tools.near_add!.inputSchema).toMatchObject({ jsonSchema: { type: "object", required: ["a", "b"] } })
    child.kill()
  })

  test("answer many calls at once on one connection", async () => {
    const { child, url } = await httpServer()
    const tools = await open({ near: byStdio, far: { url, headers } })
    for (const server of ["near", "far"]) {
      const began = performance.now()
      const texts = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          await callTool(tools[`${server}_wait`]!, { milliseconds: 200 }, call)
          return (await callTool(tools[`${server}_echo`]!, { text: String(i) }, call)).text
        }),
      )
      expect(texts).toEqual(Array.from({ length: 40 }, (_, i) => String(i)))
      expect(performance.now() - began).toBeLessThan(7000)
    }
    child.kill()
  })

  test("a call that is aborted ends at once, and the server is told", async () => {
    const host = testHost()
    const tools = await open({ near: byStdio })
    tools.near_wait!.bind!({ host, options: {} })
    const stop = new AbortController()
    const running = callTool(tools.near_wait!, { milliseconds: 60_000 }, { ...call, abortSignal: stop.signal })
    setTimeout(() => stop.abort(new Error("stopped")), 100)
    await expect(running).rejects.toThrow("stopped")
    await until(() => host.lines.includes("near: the wait was cancelled"))
  })
})

test("a process that speaks the newest protocol alone is started again for it, and both processes end", async () => {
  const modern = { ...byStdio, args: [...byStdio.args!.slice(0, -1), "modern"] }
  const processes = () => process.getActiveResourcesInfo().filter((kind) => kind === "ProcessWrap").length
  const before = processes()
  const plugin = await mcp({ servers: { near: modern } })
  expect((await callTool(plugin.tools.near_echo!, { text: "hello" }, call)).text).toBe("hello")
  expect((await callTool(plugin.tools.near_add!, { a: 2, b: 3 }, call)).text).toContain('{"sum":5}')
  await plugin.dispose()
  // That of an earlier test may have been ending still.
  await until(() => processes() <= before)
})

describe("a server that dies", () => {
  test("while nothing runs is started again by the next calls, once for all of them", async () => {
    const tools = await open({ near: byStdio })
    const pid = async () => Number((await callTool(tools.near_process!, {}, call)).text)
    const first = await pid()
    process.kill(first, "SIGKILL")
    await until(() => !isRunning(first))
    const [second, third] = await Promise.all([pid(), pid()])
    expect(second).not.toBe(first)
    expect(third).toBe(second)
  })

  test("in the middle of a call is an observation; the next call starts it again", async () => {
    const marker = join(temporaryFolder(), "died")
    const tools = await open({ near: byStdio })
    expect(await callTool(tools.near_die!, { marker }, call)).toEqual({
      text: 'error: The MCP server "near" was lost in the middle of die, which may have been done or not.',
      isError: true,
    })
    expect((await callTool(tools.near_die!, { marker }, call)).text).toBe("alive")
  })

  test("in the middle of a call that only reads is asked again, once", async () => {
    const marker = join(temporaryFolder(), "died")
    const tools = await open({ near: byStdio })
    expect((await callTool(tools.near_die_reading!, { marker }, call)).text).toBe("alive")
    const again = await callTool(tools.near_die_reading!, { marker: "" }, call)
    expect(again.text).toBe(
      'error: The MCP server "near" was lost in the middle of die_reading, which may have been done or not.',
    )
  })

  test("by HTTP is found again at the same address, with a new session", async () => {
    const { child, url } = await httpServer()
    const tools = await open({ far: { url, headers } })
    const pid = async () => (await callTool(tools.far_process!, {}, call)).text
    const first = await pid()
    child.kill("SIGKILL")
    await ended(child)
    expect(await pid()).toMatch(/^error: The MCP server "far" \(http.*\) cannot be used: nothing answers there/)
    const { child: next } = await httpServer(new URL(url).port)
    const second = await pid()
    expect([first, second].every((text) => /^\d+$/.test(text))).toBe(true)
    expect(second).not.toBe(first)
    next.kill()
  })

  test("by HTTP in the middle of a call does not keep it waiting", async () => {
    const { child, url } = await httpServer()
    const tools = await open({ far: { url, headers } })
    const running = callTool(tools.far_wait!, { milliseconds: 60_000 }, call)
    setTimeout(() => child.kill("SIGKILL"), 200)
    expect(await running).toMatchObject({
      text: 'error: The MCP server "far" was lost in the middle of wait, which may have been done or not.',
      isError: true,
    })
  })
})

describe("a server that cannot be used is said with its name", () => {
  test.each<[string, McpServer, RegExp]>([
    [
      "no such command",
      { command: "no-such-command" },
      /"it" \(no-such-command\).*there is no command no-such-command/,
    ],
    [
      "one that ends",
      { command: process.execPath, args: ["-e", "console.error('no token given'); process.exit(3)"] },
      /it ended before it was ready\. It said: "no token given"/,
    ],
    [
      "one that is silent",
      { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], startTimeout: 0.5 },
      /it was not ready after 0\.5 s \(startTimeout\)/,
    ],
    ["nobody", { url: "http://127.0.0.1:9/mcp" }, /"it" \(http:\/\/127\.0\.0\.1:9\/mcp\).*nothing answers there/],
  ])("%s", async (_what, server, message) => {
    await expect(mcp({ servers: { it: server } })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      kind: "usage",
    })
  })

  test("one that wants a key", async () => {
    const { child, url } = await httpServer()
    await expect(mcp({ servers: { far: { url } } })).rejects.toThrow(
      `The MCP server "far" (${url}) cannot be used: it answers 401; it may want a key in its headers.`,
    )
    child.kill()
  })

  test("and the others end with it", async () => {
    const folder = temporaryFolder()
    const told = join(folder, "pid")
    const writesPid = `require("node:fs").writeFileSync(${JSON.stringify(told)}, String(process.pid));`
    const silent = { command: process.execPath, args: ["-e", `${writesPid} setInterval(() => {}, 1000)`] }
    const servers = { one: { ...silent, startTimeout: 0.5 }, two: { command: "no-such-command" } }
    await expect(mcp({ servers })).rejects.toThrow(/"one".*"two"/)
    expect(isRunning(Number(readFileSync(told, "utf8")))).toBe(false)
  })

  test.each<[McpServer, string]>([
    [{}, "either a command or a url"],
    [{ command: "a", url: "http://b" }, "either a command or a url"],
    [{ command: "a", headers }, "headers are for a server that has a url"],
    [{ url: "http://b", args: [] }, "args and env are for a server that has a command"],
    [{ url: "files/server" }, 'its url should begin with http:// or https://, but is "files/server"'],
    [{ command: "a", env: { TOKEN: process.env.NOT_SET! } }, "servers.files.env.TOKEN"],
    [{ command: "a", argv: [] } as McpServer, '"argv" is unknown'],
  ])("before anything is started where its settings are wrong: %j", (server, message) => {
    expect(() => mcp({ servers: { files: server } })).toThrow(message)
    expect(() => mcp({ servers: { files: server } })).toThrow("Options of tools-mcp")
  })

  test("or its name", () => {
    expect(() => mcp({ servers: { "my files": { command: "a" } } })).toThrow(/servers.my files.*a server's name is/)
  })
})

test("a process gets the environment that the config gives it, and no other", async () => {
  process.env.SWIRL_TEST_SECRET = "not for servers"
  const tools = await open({ near: { ...byStdio, env: { TOKEN: "given" } } })
  const variable = async (name: string) => (await callTool(tools.near_environment!, { name }, call)).text
  expect(await variable("TOKEN")).toBe("given")
  expect(await variable("SWIRL_TEST_SECRET")).toBe("not set")
  expect(await variable("PATH")).toBe(process.env.PATH)
})

test("what a server writes to its standard error goes to the log, with its name", async () => {
  const host = testHost()
  const tools = await open({ near: byStdio })
  tools.near_echo!.bind!({ host, options: {} })
  await callTool(tools.near_die!, { marker: join(temporaryFolder(), "died") }, call)
  await until(() => host.lines.includes("near: out of memory"))
})

test("servers end when the plugin is disposed of, and their tools say so", async () => {
  const plugin = await mcp({ servers: { near: byStdio } })
  const pid = Number((await callTool(plugin.tools.near_process!, {}, call)).text)
  expect(isRunning(pid)).toBe(true)
  await plugin.dispose()
  expect(isRunning(pid)).toBe(false)
  expect((await callTool(plugin.tools.near_process!, {}, call)).text).toMatch(/"near" was closed/)
})

test("a process that is a server of the plugin starts none, whatever its config says", async () => {
  const tools = await open({ near: byStdio })
  const marker = await callTool(tools.near_environment!, { name: "SWIRL_MCP_SERVER" }, call)
  expect(marker.text).toBe("1")
  process.env.SWIRL_MCP_SERVER = marker.text
  try {
    await expect(mcp({ servers: { near: byStdio } })).rejects.toThrow(/is itself an MCP server/)
  } finally {
    delete process.env.SWIRL_MCP_SERVER
  }
})
