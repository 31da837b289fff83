/** How records came about: what the first run folder says of itself, as name -> value. */
import type { Maker } from "@swirl-ts/core"
import { readRun } from "@swirl-ts/store"

export async function readProvenance(directory: string, runs: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = { records: directory }
  let run = await readRun(directory)
  for (const each of runs) run ??= await readRun(each)
  if (!run) return found
  const machine = Object.entries(run.machine).map(([name, value]) => `${name} ${value}`)
  const makers = Object.entries(run.makers ?? {}).flatMap(([stage, each]) =>
    each.length > 1 ? each.map((maker) => `${stage}: ${madeBy(maker)}`) : [],
  )
  const digests = Object.entries(run.digests).map(([name, value]) => `${name} ${value}`)
  return {
    ...found,
    run: run.id,
    started: run.createdAt,
    ...(run.gitRevision ? { "git revision": run.gitRevision } : {}),
    machine: machine.join(", "),
    "specification hash": run.specHash,
    specification: JSON.stringify(run.spec, null, 2),
    ...(makers.length ? { "made by several versions": makers.join("\n") } : {}),
    ...(digests.length ? { digests: digests.join("\n") } : {}),
  }
}

function madeBy({ since, swirl, plugins, texts = {} }: Maker): string {
  const versions = Object.entries({ ...(swirl === undefined ? {} : { "swirl-ts": swirl }), ...plugins })
  const named = versions.map(([name, version]) => `${name} ${version}`)
  const written = Object.entries(texts).map(([name, digest]) => `text of ${name} ${digest}`)
  return `${[...named, ...written].join(", ")}, since ${since}`
}
