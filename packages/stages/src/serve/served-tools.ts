/**
 * Loaded tools for whoever is no roll-out of ours: as they are, and what searches passages once for each corpus, under its
 * name. Invariant: every conversation has bound tools of its own; indexes are opened once for all of them.
 */
import {
  type Corpus,
  distinctName,
  type Entry,
  type NamedTool,
  type Observation,
  type OpenToolServices,
  SwirlError,
  toolServices,
  whoseIs,
} from "@swirl-ts/core"
import { basename, extname } from "@swirl-ts/platform"
import { bindEach, callWithinLimits, disposeTools, namedTools } from "@swirl-ts/runner"
import { type StageContext, toolCallSettings } from "../context.ts"
import { findCorpus, openCorpus } from "../retrieve/corpus-source.ts"

export interface ServeRequest {
  /** Names of tools; none means all that need no passages. */
  tools: readonly string[]
  /** Files of passages, or benchmarks. */
  corpora: readonly string[]
  split?: string
  /** Options for the tools that search, as a benchmark gives them. */
  options: Readonly<Record<string, unknown>>
}

/** The tools of one conversation. */
export interface BoundTools {
  named: readonly NamedTool[]
  /** Within the limits of tool calls. Throws by an abort alone, and for a name that is none of these. */
  call(name: string, input: unknown, call: { id: string; abortSignal?: AbortSignal }): Promise<Observation>
  dispose(): Promise<void>
}

export interface ServedTools {
  names: readonly string[]
  bind(): Promise<BoundTools>
  /** When nobody calls any more. */
  close(): Promise<void>
}

interface Offered {
  entry: Entry<"tools">
  name: string
  corpus?: { name: string; corpus: Corpus }
}

/** Throws a usage error for unknown names, and where nothing would be served. Indexes that are missing are built. */
export async function openServedTools(context: StageContext, request: ServeRequest): Promise<ServedTools> {
  const offered = await offeredTools(context, request)
  const baseUrl = context.modelOptions?.baseUrl
  const services = toolServices(context.registry, context.host, baseUrl ? { baseUrl } : {})
  const bind = () => bindOffered(context, offered, services, request.options)
  try {
    // What cannot be bound is said at once, and not to the first who calls.
    await (await bind()).dispose()
  } catch (error) {
    await services.close()
    throw error
  }
  return { names: offered.map(({ name }) => name), bind, close: services.close }
}

async function offeredTools(context: StageContext, request: ServeRequest): Promise<Offered[]> {
  const { registry } = context
  const { tools, corpora, split } = request
  const all = registry.list("tools")
  const asked = tools.length > 0 ? tools.map((name) => registry.resolve("tools", name)) : all
  const plain = asked.filter(({ value }) => !value.needsCorpus)
  const named = tools.length > 0 ? asked.filter(({ value }) => value.needsCorpus) : []
  const searching = named.length > 0 ? named : all.filter(({ value }) => value.needsCorpus)
  if (named.length > 0 && corpora.length === 0) {
    throw usage(`The tool ${named[0]!.name} searches passages: name a file of them, or a benchmark, by --corpus.`)
  }
  if (corpora.length > 0 && searching.length === 0) {
    throw usage("No tool that is loaded searches passages. Add the plugin of @swirl-ts/tools-search to the config.")
  }
  const offered: Offered[] = plain.map((entry) => ({ entry, name: servedName(distinctName(registry, entry)) }))
  for (const source of corpora) {
    const name = corpusName(context, source)
    const corpus = { name, corpus: await openCorpus(context, source, split) }
    for (const entry of searching) {
      offered.push({ entry, name: servedName(`${distinctName(registry, entry)}_${name}`), corpus })
    }
  }
  if (offered.length === 0) throw usage("No tool is loaded that could be served.")
  const twice = offered.find(({ name }, i) => offered.findIndex((other) => other.name === name) !== i)
  if (twice) throw usage(`Two tools would be served as ${twice.name}. Name fewer, or give the files other names.`)
  return offered
}

/** What every client of MCP can write. */
const servedName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, "_")

function corpusName(context: StageContext, source: string): string {
  const { path, fullName } = findCorpus(context, source)
  return path === undefined ? fullName.slice(fullName.indexOf("/") + 1) : basename(path, extname(path))
}

async function bindOffered(
  context: StageContext,
  offered: readonly Offered[],
  services: OpenToolServices,
  options: ServeRequest["options"],
): Promise<BoundTools> {
  const { abortSignal } = context
  const unbound = Object.fromEntries(offered.map(({ name, entry }) => [name, entry.value]))
  const offers = new Map(offered.map((offer) => [offer.name, offer]))
  const bound = await bindEach(unbound, (name) => {
    const { entry, corpus } = offers.get(name)!
    const own = { ...services, corpus: corpus?.corpus, options: corpus ? options : {}, abortSignal }
    return { whose: whoseIs(entry), context: own }
  })
  return {
    named: namedTools(bound).map((tool) => described(tool, offers.get(tool.name)?.corpus?.name)),
    async call(name, input, call) {
      const offer = offers.get(name)
      if (!offer) throw usage(`There is no tool ${name}.`)
      return callWithinLimits(bound[name]!, input, {
        ...toolCallSettings(context, offer.entry.fullName),
        name,
        toolCallId: call.id,
        messages: [],
        abortSignal: call.abortSignal,
      })
    },
    dispose: () => disposeTools(bound, unbound, context.host),
  }
}

/** Said to who cannot know what "this task" is. */
const described = (tool: NamedTool, corpus: string | undefined): NamedTool =>
  corpus === undefined ? tool : { ...tool, description: tool.description.replace("of this task", `of ${corpus}`) }

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
