/**
 * Who makes the records of a roll-out: versions, texts of plugins, revision and machine. They are told beside a number and
 * refuse nothing: most changes of a text or a version change no number. What did change is said when records are gone on with.
 */
import { askedTools, type Maker, type Plugin } from "@swirl-ts/core"
import { machine, providerOf } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { gitRevision } from "./git-revision.ts"

export async function rolloutMaker(
  context: StageContext,
  request: { benchmark: string; model: string; actionFormat: string },
): Promise<Maker> {
  const { registry, models = {} } = context
  const benchmark = registry.resolve("benchmarks", request.benchmark)
  const provider = providerOf(models[request.model] ?? request.model)
  const entries = [
    benchmark,
    ...askedTools(registry, benchmark.value),
    registry.resolve("actionFormats", request.actionFormat),
    ...(registry.has("models", provider) ? [registry.resolve("models", provider)] : []),
  ]
  return makerOf(context, entries)
}

/** Of scores alone: nobody else takes part. */
export const scoringMaker = (context: StageContext, benchmark: string): Promise<Maker> =>
  makerOf(context, [context.registry.resolve("benchmarks", benchmark)])

async function makerOf(context: StageContext, entries: readonly { plugin: Plugin }[]): Promise<Maker> {
  const { registry, host, swirlVersion, pluginTexts = {} } = context
  const plugins = Object.fromEntries(entries.map(({ plugin: { meta } }) => [meta.name, meta.version]))
  const loaded = new Set(registry.plugins.map(({ meta }) => meta.name))
  // A plugin that takes no part is left out; a config may have made any of them.
  const texts = Object.entries(pluginTexts).filter(([name]) => name in plugins || !loaded.has(name))
  return {
    since: new Date().toISOString(),
    swirl: swirlVersion,
    plugins,
    texts: texts.length > 0 ? Object.fromEntries(texts) : undefined,
    gitRevision: await gitRevision(host.workingDirectory),
    machine: machine(),
  }
}

/** What of plugins and command is other than when the stage's last records were made, as a sentence; undefined where nothing. */
export function otherMaker(stage: string, before: Maker | undefined, now: Maker): string | undefined {
  if (!before) return undefined
  const changed = (was: Readonly<Record<string, string>> = {}, is: Readonly<Record<string, string>> = {}): string[] =>
    Object.keys(was)
      .filter((name) => name in is && is[name] !== was[name])
      .map((name) => `${name} (${was[name]} then, ${is[name]} now)`)
  const versions = changed(versionsOf(before), versionsOf(now))
  const texts = changed(before.texts, now.texts)
  if (versions.length + texts.length === 0) return undefined
  const what = [
    ...(versions.length > 0 ? [`another version of ${versions.join(", ")}`] : []),
    ...(texts.length > 0 ? [`another text of ${texts.join(", ")}`] : []),
  ]
  return `${stage} goes on with ${what.join(" and ")}; questions, prompts, passages and tools' descriptions are the same. If tools, scores or prompts work otherwise now, its numbers are of both: use another folder (--run).`
}

/** Of plugins, and of the command where it was one. */
const versionsOf = ({ plugins, swirl }: Maker): Record<string, string> =>
  swirl === undefined ? plugins : { ...plugins, "swirl-ts": swirl }
