/**
 * A real MCP server for tests, by the SDK: `stdio`; `modern`, the same for the protocol of 2026 alone; or `http [port]`
 * with sessions, as servers of many people are. The address is then the first line of its standard output.
 */
import { randomUUID } from "node:crypto"
import { existsSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout } from "node:timers/promises"
import { McpServer, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server"
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio"
import { fetchListener } from "@swirl-ts/kit"
import { z } from "zod"

const text = (written: string) => ({ content: [{ type: "text" as const, text: written }] })

function testServer(): McpServer {
  const server = new McpServer({ name: "test", version: "1.0.0" })
  server.registerTool(
    "echo",
    { description: "Says it again.", inputSchema: z.object({ text: z.string() }) },
    ({ text: said }) => text(said),
  )
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    ({ a, b }) => ({ ...text(JSON.stringify({ sum: a + b })), structuredContent: { sum: a + b } }),
  )
  server.registerTool(
    "wait",
    { description: "Waits.", inputSchema: z.object({ milliseconds: z.number() }) },
    async ({ milliseconds }, { mcpReq }) => {
      mcpReq.signal.addEventListener("abort", () => process.stderr.write("the wait was cancelled\n"))
      await setTimeout(milliseconds)
      return text(`waited ${milliseconds} ms`)
    },
  )
  server.registerTool("fail", { description: "Fails.", inputSchema: z.object({}) }, () => ({
    ...text("no such file"),
    isError: true,
  }))
  server.registerTool("picture", { description: "Shows more than text.", inputSchema: z.object({}) }, () => ({
    content: [
      { type: "text", text: "a red dot" },
      { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" },
      { type: "resource", resource: { uri: "file:///notes.txt", text: "notes of the dot" } },
      { type: "resource_link", uri: "file:///dot.png", name: "dot.png" },
    ],
  }))
  server.registerTool("read.file", { inputSchema: z.object({}) }, () => text("read"))
  server.registerTool("process", { description: "Its own id.", inputSchema: z.object({}) }, () =>
    text(String(process.pid)),
  )
  server.registerTool(
    "environment",
    { description: "A variable of its environment.", inputSchema: z.object({ name: z.string() }) },
    ({ name }) => text(process.env[name] ?? "not set"),
  )
  // Ends the process in the middle of the call: the first time that it is called, or without a marker every time.
  const dying = (name: string, readOnlyHint: boolean) =>
    server.registerTool(
      name,
      {
        description: "Ends in the middle.",
        inputSchema: z.object({ marker: z.string() }),
        annotations: { readOnlyHint },
      },
      ({ marker }) => {
        if (existsSync(marker)) return text("alive")
        if (marker !== "") writeFileSync(marker, "")
        process.stderr.write("out of memory\n")
        process.exit(1)
      },
    )
  dying("die", false)
  dying("die_reading", true)
  return server
}

const [kind, port = "0"] = process.argv.slice(2)
process.stderr.write("test server is ready\n")
if (kind === "stdio") await testServer().connect(new StdioServerTransport())
else if (kind === "modern") serveStdio(testServer, { legacy: "reject" })
else {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const answer = async (request: Request): Promise<Response> => {
    if (request.headers.get("x-key") !== "secret") return new Response("no key", { status: 401 })
    const id = request.headers.get("mcp-session-id")
    if (id && !sessions.has(id)) return new Response("no such session", { status: 404 })
    if (id) return sessions.get(id)!.handleRequest(request)
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (made) => void sessions.set(made, transport),
    })
    await testServer().connect(transport)
    return transport.handleRequest(request)
  }
  const http = createServer(fetchListener(answer))
  http.listen(Number(port), "127.0.0.1", () => {
    process.stdout.write(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp\n`)
  })
}
