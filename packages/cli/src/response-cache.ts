/** `--cache`: what models answered before, for commands that ask some. Loaded where it is asked for. */
import type { CommandContext } from "./context.ts"

export async function withResponseCache(context: CommandContext): Promise<CommandContext> {
  const { host, settings } = context
  if (!settings.cache) return context
  const { openResponseCache } = await import("@swirl-ts/stages")
  return { ...context, responseCache: openResponseCache(host, { maxBytes: settings.cacheSize }) }
}

/** Says what came of it, where anything was asked. */
export async function sayCached({ responseCache, say }: CommandContext): Promise<void> {
  if (!responseCache) return
  const { cacheInWords } = await import("@swirl-ts/stages")
  const said = cacheInWords(responseCache.counts)
  if (said) say(said)
}
