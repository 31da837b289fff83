/** Flags that a command has a default for take the config's instead: flag > `SWIRL_*` > config > default. */
import type { Command } from "commander"
import type { CommonOptions } from "./app.ts"
import { loadPlugins } from "./plugins.ts"

/** Those without a default of their own are read by `openApp`. */
const names = ["model", "actionFormat", "strategy", "algorithm", "engine"] as const

/** To be called before a command's action. Throws a SwirlError for a config that cannot be loaded. */
export async function applyConfigDefaults(command: Command): Promise<void> {
  const open = names.filter((name) => command.getOptionValueSource(name) === "default")
  if (open.length === 0) return
  const { config, plugin = [] } = command.opts<CommonOptions>()
  const loaded = await loadPlugins({
    workingDirectory: process.cwd(),
    config,
    plugins: plugin,
  })
  const defaults = loaded.config.defaults ?? {}
  for (const name of open)
    if (defaults[name] !== undefined) command.setOptionValueWithSource(name, defaults[name], "config")
}
