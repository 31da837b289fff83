/** The plugin: the engine `tinker`, which computes on a Tinker server. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { PluginOptionsSchema, type TinkerPluginOptions } from "./options.ts"
import { tinkerEngine } from "./tinker-engine.ts"

export type { TinkerPluginOptions } from "./options.ts"

export const tinker = (options: TinkerPluginOptions = {}) =>
  definePlugin({
    meta: { name: "engine-tinker", version: manifest.version, apiVersion: 1 },
    engines: { tinker: tinkerEngine(readOptions("plugin engine-tinker", PluginOptionsSchema, options)) },
  })
