/** What tools and retrievers may ask of the house, by name; an embedder is opened once, whoever asks for it. */
import type { Embedder, EmbedderOptions } from "../contracts/embedder.ts"
import type { Host } from "../contracts/model.ts"
import type { ToolServices } from "../contracts/retriever.ts"
import { SwirlError } from "../errors.ts"
import type { Registry } from "./registry.ts"

const known = new WeakMap<Registry, { host: Host; services: ToolServices }>()

/** The same services for the same registry and host while no options are given. Unknown names are usage errors. */
export function toolServices(registry: Registry, host: Host, options?: EmbedderOptions): ToolServices {
  const made = known.get(registry)
  if (made && made.host === host && !options) return made.services
  const embedders = new Map<string, Promise<Embedder>>()
  const services: ToolServices = {
    host,
    openEmbedder(name) {
      const opened = embedders.get(name) ?? openEmbedder(registry, host, name, options ?? {})
      embedders.set(name, opened)
      opened.catch(() => embedders.delete(name))
      return opened
    },
    async openRetriever(name, corpus, context = {}) {
      const { value } = registry.resolve("retrievers", name)
      return value.open(corpus, { host, openEmbedder: services.openEmbedder, ...context })
    },
  }
  if (!options) known.set(registry, { host, services })
  return services
}

async function openEmbedder(registry: Registry, host: Host, name: string, options: EmbedderOptions): Promise<Embedder> {
  const colon = name.indexOf(":")
  if (colon < 1 || colon === name.length - 1) {
    const providers = registry.list("embedders").map((entry) => `${entry.name}:…`)
    throw new SwirlError(
      `"${name}" does not name an embedder. Write provider and model, one of: ${providers.join(", ") || "none loaded"}.`,
      { kind: "usage" },
    )
  }
  return registry.resolve("embedders", name.slice(0, colon)).value.open(name.slice(colon + 1), options, host)
}
