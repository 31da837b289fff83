/** The plugin `my-plugin` with its tool `convert`. */
import { readFileSync } from "node:fs"
import { definePlugin } from "@swirl-ts/core"
import { convert } from "./convert.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }

export function myPlugin() {
  return definePlugin({
    meta: { name: "my-plugin", version, apiVersion: 1 },
    tools: { convert },
  })
}
