/** The runner as a plugin: its action formats, by name. */
import { definePlugin } from "@swirl-ts/core"
import { type NoOptions, noOptions, readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { inline } from "./format-inline.ts"
import { native } from "./format-native.ts"
import { tags } from "./format-tags.ts"

export function formats(options: NoOptions = {}) {
  readOptions("plugin runner", noOptions, options)
  return definePlugin({
    meta: { name: "runner", version: manifest.version, apiVersion: 1 },
    actionFormats: { tags, inline, native },
  })
}
