/** Runs one command from what it was given to its exit code. Plugins and config are loaded once, here, and let go of at the end. */
import { createRegistry, errorMessage, isCommandEnd } from "@swirl-ts/core"
import type { Command, Values } from "./commands/command.ts"
import { type CommandContext, contextOptions, openContext } from "./context.ts"
import { disposePlugins } from "./dispose.ts"
import { processHost } from "./host.ts"
import { leftOut } from "./left-out.ts"
import type { ArgumentTable, Given, OptionTable } from "./options/option.ts"
import { settle } from "./options/settle.ts"
import { commonOptions } from "./options/tables.ts"
import { createOutput } from "./output.ts"
import { type LoadedConfig, loadPlugins } from "./plugins.ts"
import { sayCached, withResponseCache } from "./response-cache.ts"
import { setHeapFor } from "./small-heap.ts"
import { resultStream } from "./standard-output.ts"

export async function runCommand(command: Command, given: Given, abortSignal: AbortSignal): Promise<number> {
  const { json, quiet, config, plugin } = settle(commonOptions, given)
  const output = createOutput({ json, quiet }, { out: resultStream(), err: process.stderr })
  const host = processHost(output.log)
  const problems: string[] = []
  const onProblem = command.plugins === "usable" ? (sentence: string) => problems.push(sentence) : undefined
  const loaded =
    command.plugins === false
      ? { config: {}, registry: createRegistry([]) }
      : await loadPlugins({ workingDirectory: host.workingDirectory, config, plugins: plugin, abortSignal, onProblem })
  setHeapFor(command)
  try {
    // With `--quiet` too: what was asked for is not there.
    for (const broken of loaded.registry.broken) output.log(`Left out: ${leftOut(broken)}`)
    for (const notice of loaded.registry.notices) output.say(notice)
    const open = (from: LoadedConfig) => {
      const settings = settle({ ...contextOptions, ...command.options }, given, from.config.defaults)
      return openContext(settings, from, { host, abortSignal, output, problems })
    }
    const context = await withResponseCache(openUsable(open, loaded, onProblem))
    const all: Given = { ...given, ...context.settings }
    const values = all as Values<ArgumentTable, OptionTable>
    const result = await command.run(context, values)
    await sayCached(context)
    const { document, text } = command
    if (text) {
      // What others did to the process meanwhile, or a signal, makes the result one that nobody should read.
      abortSignal.throwIfAborted()
      output.result(
        () => (document ? document(result, values) : result),
        () => text(result, values),
      )
    }
    return command.exitCode?.(result, values) ?? 0
  } catch (error) {
    if (isCommandEnd(error)) for (const line of output.unfinished()) output.log(`Not finished: ${line}.`)
    throw error
  } finally {
    await disposePlugins(loaded.registry, host)
  }
}

/** Without what the config says, where that cannot be followed and somebody is told so. */
function openUsable(
  open: (from: LoadedConfig) => CommandContext,
  loaded: LoadedConfig,
  onProblem: ((sentence: string) => void) | undefined,
): CommandContext {
  try {
    return open(loaded)
  } catch (error) {
    if (!onProblem) throw error
    onProblem(errorMessage(error))
    return open({ ...loaded, config: {} })
  }
}
