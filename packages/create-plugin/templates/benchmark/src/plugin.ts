/** The plugin `my-plugin` with its benchmark `word-problems`. */
import { readFileSync } from "node:fs"
import { definePlugin } from "@swirl-ts/core"
import { wordProblems } from "./benchmark.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }

export function myPlugin() {
  return definePlugin({
    meta: { name: "my-plugin", version, apiVersion: 1 },
    benchmarks: { "word-problems": wordProblems },
  })
}
