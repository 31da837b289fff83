/** The plugin `my-plugin` with its engine `table`, and the model that it trains. */
import { readFileSync } from "node:fs"
import { definePlugin } from "@swirl-ts/core"
import { tableEngine } from "./engine.ts"
import { tableProvider } from "./provider.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }

export function myPlugin() {
  return definePlugin({
    meta: { name: "my-plugin", version, apiVersion: 1 },
    engines: { table: tableEngine },
    models: { table: tableProvider },
  })
}
