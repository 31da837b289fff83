/** Runs one command from what it was given to its exit code. Plugins and config are loaded once, here, and let go of at the end. */
import { createRegistry } from "@swirl-ts/core"
import type { Command, Values } from "./commands/command.ts"
import { contextOptions, openContext } from "./context.ts"
import { disposePlugins } from "./dispose.ts"
import { processHost } from "./host.ts"
import type { ArgumentTable, Given, OptionTable } from "./options/option.ts"
import { settle } from "./options/settle.ts"
import { commonOptions } from "./options/tables.ts"
import { createOutput } from "./output.ts"
import { loadPlugins } from "./plugins.ts"
import { resultStream } from "./standard-output.ts"

export async function runCommand(command: Command, given: Given, abortSignal: AbortSignal): Promise<number> {
  const { json, quiet, config, plugin } = settle(commonOptions, given)
  const output = createOutput({ json, quiet }, { out: resultStream(), err: process.stderr })
  const host = processHost(output.log)
  const loaded =
    command.plugins === false
      ? { config: {}, registry: createRegistry([]) }
      : await loadPlugins({ workingDirectory: host.workingDirectory, config, plugins: plugin, abortSignal })
  try {
    for (const { origin, message } of loaded.registry.broken) output.say(`Left out: ${origin}: ${message}`)
    for (const notice of loaded.registry.notices) output.say(notice)
    const settings = settle({ ...contextOptions, ...command.options }, given, loaded.config.defaults)
    const context = openContext(settings, loaded, { host, abortSignal, output })
    const all: Given = { ...given, ...settings }
    const values = all as Values<ArgumentTable, OptionTable>
    const result = await command.run(context, values)
    output.result(
      () => (command.document ? command.document(result, values) : result),
      () => command.text(result, values),
    )
    return command.exitCode?.(result, values) ?? 0
  } finally {
    await disposePlugins(loaded.registry, host)
  }
}
