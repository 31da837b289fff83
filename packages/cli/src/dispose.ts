/** Plugins let go of what they opened when the command ends; what goes wrong then is said, and changes nothing else. */
import { errorMessage, type Host, type Registry } from "@swirl-ts/core"
import { inTime, workAs } from "@swirl-ts/kit"

const seconds = 5

export async function disposePlugins({ plugins }: Pick<Registry, "plugins">, host: Pick<Host, "log">): Promise<void> {
  await Promise.all(
    plugins.map(async (plugin) => {
      const { name } = plugin.meta
      try {
        await inTime(() => workAs(`dispose of the plugin ${name}`, () => plugin.dispose?.()), {
          milliseconds: 1000 * seconds,
          late: `it did not end within ${seconds} s`,
        })
      } catch (error) {
        host.log(`The plugin ${name} could not be disposed: ${errorMessage(error)}`)
      }
    }),
  )
}
