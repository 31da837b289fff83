/** The plugin `my-plugin` with its judge of steps, `seen`. */
import { readFileSync } from "node:fs"
import { definePlugin } from "@swirl-ts/core"
import { seen } from "./seen.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }

export function myPlugin() {
  return definePlugin({
    meta: { name: "my-plugin", version, apiVersion: 1 },
    judges: { seen: { description: "a call is new, and a tool has shown the answer", create: () => seen } },
  })
}
