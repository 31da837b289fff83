/** The runner as a plugin: its action formats, by name. */
import { definePlugin } from "@swirl-ts/core"
import { native } from "./format-native.ts"
import { tags } from "./format-tags.ts"

export const formats = () =>
  definePlugin({
    meta: { name: "runner", version: "0.1.0", apiVersion: 1 },
    actionFormats: { tags, native },
  })

export const runnerPlugin = formats()
export default runnerPlugin
