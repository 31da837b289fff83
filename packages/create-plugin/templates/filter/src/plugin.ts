/** The plugin `my-plugin` with its filter `concise`. */
import { readFileSync } from "node:fs"
import { definePlugin } from "@swirl-ts/core"
import { concise } from "./concise.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }

export function myPlugin() {
  return definePlugin({
    meta: { name: "my-plugin", version, apiVersion: 1 },
    filters: { concise },
  })
}
