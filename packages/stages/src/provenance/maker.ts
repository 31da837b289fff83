/** Who makes the records of a roll-out: versions, revision and machine. They are told beside a number, and refuse nothing. */
import { askedTools, type Maker } from "@swirl-ts/core"
import { machine, providerOf } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { gitRevision } from "./git-revision.ts"

export async function rolloutMaker(
  context: StageContext,
  request: { benchmark: string; model: string; actionFormat: string },
): Promise<Maker> {
  const { registry, host, models = {}, swirlVersion } = context
  const benchmark = registry.resolve("benchmarks", request.benchmark)
  const provider = providerOf(models[request.model] ?? request.model)
  const entries = [
    benchmark,
    ...askedTools(registry, benchmark.value),
    registry.resolve("actionFormats", request.actionFormat),
    ...(registry.has("models", provider) ? [registry.resolve("models", provider)] : []),
  ]
  return {
    since: new Date().toISOString(),
    swirl: swirlVersion,
    plugins: Object.fromEntries(entries.map(({ plugin: { meta } }) => [meta.name, meta.version])),
    gitRevision: await gitRevision(host.workingDirectory),
    machine: machine(),
  }
}
