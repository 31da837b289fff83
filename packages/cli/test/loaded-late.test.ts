/** Which libraries a command loads that opens no model and no data: they cost every command memory and time. */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { sourceFlags, swirlCommand, swirlEnvironment, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

/** Preloaded: writes the address of every module that is loaded. */
const observer = `
import { writeFileSync } from "node:fs"
import { registerHooks } from "node:module"
const loaded = []
registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
process.on("exit", () => writeFileSync(process.env.LOADED, JSON.stringify(loaded)))
`

test("every official plugin is there, and none of the heavy libraries is loaded for it", () => {
  const folder = temporaryFolder()
  const [observe, loaded] = [join(folder, "observe.mjs"), join(folder, "loaded.json")]
  writeFileSync(observe, observer)
  const flags = ["--import", pathToFileURL(observe).href, ...sourceFlags]
  const { status, stdout } = spawnSync(process.execPath, [...flags, swirlCommand, "list", "models", "--json"], {
    cwd: folder,
    env: { ...swirlEnvironment(folder), LOADED: loaded },
    encoding: "utf8",
  })
  expect(status).toBe(0)
  expect(stdout).toContain("local")
  const modules = JSON.parse(readFileSync(loaded, "utf8")) as string[]
  expect(modules.filter((url) => url.includes("/packages/local/")).length).toBeGreaterThan(1)
  const heavy = /\/node_modules\/(@tensorflow|@huggingface|wink-[\w-]*|node-llama-cpp)\//
  expect(modules.filter((url) => heavy.test(url))).toEqual([])
})
