/** Tools of a server by both transports, in a trajectory. */
import { strict as assert } from "node:assert"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { definePlugin } from "@swirl-ts/core"
import { type McpServer, mcp } from "@swirl-ts/tools-mcp"
import { observations } from "../trajectory.ts"

const script = (version: 1 | 2): string => fileURLToPath(new URL(`server-${version}.ts`, import.meta.url))

export const stdioCalls = (version: 1 | 2): Promise<void> =>
  calls({ command: process.execPath, args: [script(version), "stdio"] })

export async function httpCalls(version: 1 | 2): Promise<void> {
  const child = spawn(process.execPath, [script(version), "http"], { stdio: ["ignore", "pipe", "inherit"] })
  try {
    const [url] = await once(createInterface({ input: child.stdout }), "line")
    await calls({ url })
  } finally {
    child.kill()
  }
}

async function calls(server: McpServer): Promise<void> {
  const plugin = await mcp({ servers: { weather: server } })
  definePlugin({ meta: { name: "other", version: "1.0.0", apiVersion: 1 }, tools: plugin.tools })
  try {
    const said = async (name: string, ...inputs: object[]) =>
      (await observations(plugin.tools, name, inputs)).map((seen) => [seen?.isError, seen?.text])
    assert.deepEqual(Object.keys(plugin.tools), ["weather_forecast", "weather_lost"])
    const input = { city: "Rome", days: 3 }
    const [told, refused] = await said("weather_forecast", input, { city: "Rome", days: "many" })
    assert.deepEqual(told, [false, JSON.stringify(input)])
    assert.equal(refused?.[0], true)
    assert.deepEqual(await said("weather_lost", {}), [[true, "no such city"]])
  } finally {
    await plugin.dispose()
  }
}
