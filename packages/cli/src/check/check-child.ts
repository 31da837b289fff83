/** The process that runs the checks of one plugin: it says what it has planned, then each check as it begins and ends. */
import { createRegistry, errorMessage, type Plugin, SwirlError, suggestion } from "@swirl-ts/core"
import { type PluginChecks, pluginChecks, runChecks } from "@swirl-ts/testing"
import { dataPaths } from "../data-paths.ts"
import { disposePlugins } from "../dispose.ts"
import { endLoading } from "../loading.ts"
import { loadPlugin } from "../plugins.ts"
import type { CheckMessage, CheckRequest, CheckStart, PlannedCheck } from "./check-process.ts"
import { watchOutbreaks, withOutbreaks } from "./outbreaks.ts"

const say = (message: CheckMessage): Promise<void> =>
  new Promise((resolve) => void process.send!(message, undefined, {}, () => resolve()))

const log = (line: string): void => void process.stderr.write(`${line}\n`)

async function check({ request, from }: CheckStart): Promise<void> {
  const { plugin, exported } = await loaded(request)
  const groups = pluginChecks(plugin, { ...checkOptions(plugin, request), factory: exported })
  const all = groups.flatMap(({ kind, name: of, checks }) => checks.map((one) => ({ kind, of, one })))
  const checks = all.map(({ kind, of, one: { name } }) => ({ kind, of, name }))
  assertKnown(request.skip, checks)
  await say({ planned: { plugin: { name: plugin.meta.name, version: plugin.meta.version }, checks } })
  for (const [index, { one }] of all.entries()) {
    if (index < from) continue
    await say({ started: true })
    const left = { ...one, run: async () => ({ skipped: "left out by --skip" }) }
    const result = await withOutbreaks(one.name, index === all.length - 1, async () => {
      const [ended] = await runChecks([request.skip.includes(one.name) ? left : one])
      return ended!
    })
    await say({ finished: result })
  }
  await disposePlugins({ plugins: [plugin] }, { log })
  await say({ done: true })
}

/** While a plugin is loaded the parent keeps nothing alive, so that one that waits for what never comes is seen at once. */
async function loaded(request: CheckRequest): ReturnType<typeof loadPlugin> {
  process.channel?.unref()
  try {
    return await loadPlugin(request.plugin, request)
  } finally {
    process.channel?.ref()
  }
}

function assertKnown(skip: readonly string[], checks: readonly PlannedCheck[]): void {
  const names = [...new Set(checks.map(({ name }) => name))]
  for (const name of skip) {
    if (names.includes(name)) continue
    throw new SwirlError(`There is no check "${name}" to skip.${suggestion(name, names)}`, { kind: "usage" })
  }
}

/** What is known without the author: where the data is, and what this command can give. */
function checkOptions(plugin: Plugin, request: CheckRequest): PluginChecks {
  const { workingDirectory, cacheDirectory, timeout } = request
  const data = dataPaths(request.data, undefined, createRegistry([plugin]), workingDirectory)
  const host = { workingDirectory, cacheDirectory, environment: process.env, log }
  const benchmarks = Object.keys(plugin.benchmarks ?? {}).map((name) => [
    name,
    { dataPath: data[`${plugin.meta.name}/${name}`] ?? data[""] },
  ])
  return { timeout, missing: "skip", host, benchmarks: Object.fromEntries(benchmarks) }
}

watchOutbreaks()
process.on("beforeExit", () => {
  // One more turn, for saying so.
  if (endLoading()) setImmediate(() => {})
})
process.once("message", (start: CheckStart) => {
  check(start).catch((error: unknown) => say({ refused: errorMessage(error) }))
})
// Ctrl-C on a terminal reaches every process; the parent decides.
process.on("SIGINT", () => {})
process.on("disconnect", () => process.exit(0))
