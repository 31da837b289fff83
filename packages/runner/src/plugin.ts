/** The runner as a plugin: its action formats, by name. */
import { definePlugin } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import { native } from "./format-native.ts"
import { tags } from "./format-tags.ts"

export const formats = () =>
  definePlugin({
    meta: { name: "runner", version: manifest.version, apiVersion: 1 },
    actionFormats: { tags, native },
  })
