/** The plugin `my-plugin` with its algorithm `reinforce`. */
import { readFileSync } from "node:fs"
import { definePlugin } from "@swirl-ts/core"
import { reinforce } from "./reinforce.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }

export function myPlugin() {
  return definePlugin({
    meta: { name: "my-plugin", version, apiVersion: 1 },
    algorithms: { reinforce },
  })
}
