import { definePlugin, SwirlError } from "@swirl-ts/core"
import { pluginChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const keepAll = { description: "Keeps all.", needs: [], keep: () => true } as const
const sound = (options: object = {}) => {
  const [unknown] = Object.keys(options)
  if (unknown) throw new SwirlError(`There is no option "${unknown}".`, { kind: "usage" })
  return definePlugin({ meta: { name: "own", version: "1.0.0", apiVersion: 1 }, filters: { all: keepAll } })
}
const ofPlugin = (factory: unknown) => pluginChecks(factory).find(({ kind }) => kind === "plugin")!.checks

export const plugin = brokenExamples<unknown, object>("plugin", ofPlugin, [sound], {
  "contributes something": [
    (options: object) => {
      const { meta } = sound(options)
      return definePlugin({ meta })
    },
  ],
  "says its version": [
    (options: object) => {
      const { meta, filters } = sound(options)
      return definePlugin({ meta: { ...meta, version: "latest" }, filters })
    },
  ],
  "refuses an option that it does not have": [(_options: object) => sound()],
})
