/** Plugins let go of what they opened when the command ends; what goes wrong then is said, and changes nothing else. */
import type { Host, Registry } from "@swirl-ts/core"
import { letGo } from "@swirl-ts/kit"

export async function disposePlugins({ plugins }: Pick<Registry, "plugins">, host: Pick<Host, "log">): Promise<void> {
  await Promise.all(
    plugins.map((plugin) =>
      letGo(() => plugin.dispose?.(), { what: "dispose", whose: `the plugin ${plugin.meta.name}`, host }),
    ),
  )
}
