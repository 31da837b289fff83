/** Texts of the token ids that samples have, a page for each policy whose vocabulary is on this machine. */
import type { Trajectory } from "@swirl-ts/core"
import { writePage } from "./page-writer.ts"
import type { TokensPage } from "./tokens-page.ts"
import type { ViewerOptions } from "./viewer-options.ts"

export interface TokenBook {
  add(group: number, of: { directory: string; policy: string; model?: string }, trajectory: Trajectory): void
  /** Number of the page of each group that has one. */
  end(): Promise<{ count: number; ofGroup: ReadonlyMap<number, number> }>
}

/** No vocabulary has more. */
const mostIds = 1 << 22

export function tokenBook(folder: string, { tokenTextsOf }: Pick<ViewerOptions, "tokenTextsOf">): TokenBook {
  const policies = new Map<string, { directory: string; policy: string; model: string; ids: Set<number> }>()
  const ofGroups = new Map<number, string>()
  return {
    add(group, { directory, policy, model }, { steps }) {
      if (!tokenTextsOf || model === undefined || !steps.some(({ tokenIds }) => tokenIds)) return
      const key = JSON.stringify([policy, model])
      ofGroups.set(group, key)
      const known = policies.get(key) ?? { directory, policy, model, ids: new Set<number>() }
      policies.set(key, known)
      for (const { contextTokenIds = [], tokenIds = [], shown } of steps)
        for (const ids of [contextTokenIds, tokenIds, shown?.tokenIds ?? []])
          for (const id of ids) if (id >= 0 && id < mostIds) known.ids.add(id)
    },
    async end() {
      const pages = new Map<string, number>()
      for (const [key, { directory, policy, model, ids }] of policies) {
        const textOf = await tokenTextsOf?.(directory, model)
        if (!textOf) continue
        const sorted = [...ids].sort((a, b) => a - b)
        const page: TokensPage = { policy, ids: sorted, texts: sorted.map(textOf) }
        await writePage(folder, `tokens-${pages.size}`, JSON.stringify(page))
        pages.set(key, pages.size)
      }
      const ofGroup = new Map(
        [...ofGroups].flatMap(([group, key]) => (pages.has(key) ? [[group, pages.get(key)!]] : [])),
      )
      return { count: pages.size, ofGroup }
    },
  }
}
