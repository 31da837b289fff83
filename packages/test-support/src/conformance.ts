/** What every plugin package holds to, official or not: the same files, a factory as default export, names and version as in its package.json. */
import { existsSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { pathToFileURL } from "node:url"
import { assertPlugin, contributionKinds, errorMessage, isSwirlError, type Plugin } from "@swirl-ts/core"

/** What a package.json says of a package that is a plugin. */
export const pluginKeyword = "swirl-ts-plugin"

interface Manifest {
  name: string
  version: string
  keywords?: string[]
}

export const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** The default export of a package's sources. */
export async function pluginFactory(folder: string): Promise<unknown> {
  const module = (await import(pathToFileURL(join(folder, "src", "index.ts")).href)) as { default?: unknown }
  return module.default
}

/** What is wrong with the plugin package in `folder`, a sentence each; `options` are those without which it offers nothing. */
export async function conformanceProblems(folder: string, options?: unknown): Promise<string[]> {
  const factory = await pluginFactory(folder)
  if (typeof factory !== "function") return ["its default export is not a factory, a function that gives the plugin"]
  const plugin: unknown = await factory(options)
  try {
    assertPlugin(plugin, "the factory's result")
  } catch (error) {
    return [errorMessage(error)]
  }
  return [
    ...identityProblems(folder, plugin),
    ...contributionProblems(plugin),
    ...optionProblems(factory as (options?: unknown) => unknown),
    ...fileProblems(folder, plugin),
  ]
}

function identityProblems(folder: string, { meta }: Plugin): string[] {
  const { version } = readManifest(folder)
  return [
    ...(meta.name === basename(folder) ? [] : [`its folder is ${basename(folder)}, its meta.name "${meta.name}"`]),
    ...(meta.version === version ? [] : [`its meta.version is ${meta.version}, its package.json says ${version}`]),
  ]
}

function contributionProblems(plugin: Plugin): string[] {
  const all = contributionKinds.flatMap((kind) => Object.entries(plugin[kind] ?? {}).map((entry) => [kind, ...entry]))
  if (all.length === 0) return ["it contributes nothing"]
  return all.flatMap(([kind, name, value]) => {
    const { description } = value as { description?: unknown }
    return typeof description === "string" && description.trim() !== "" ? [] : [`${kind} "${name}" has no description`]
  })
}

/** An option that does not exist is wrong usage, and the sentence names it; a factory without parameters has none. */
function optionProblems(factory: (options?: unknown) => unknown): string[] {
  if (/^[^(]*\(\s*\)/.test(String(factory))) return []
  try {
    factory({ nonsense: 1 })
  } catch (error) {
    if (!isSwirlError(error) || error.kind !== "usage") return [`{ nonsense: 1 } is no usage error: ${error}`]
    return error.message.includes("nonsense")
      ? []
      : [`the error for { nonsense: 1 } does not name it: ${error.message}`]
  }
  return ["it takes { nonsense: 1 } for its options"]
}

function fileProblems(folder: string, { meta, benchmarks = {} }: Plugin): string[] {
  const all = Object.values(benchmarks)
  const files = [
    "README.md",
    "src/index.ts",
    "src/plugin.ts",
    ...(meta.name.startsWith("bench-") ? ["src/benchmark.ts", "src/prompt.ts"] : []),
    ...(all.some((benchmark) => benchmark.references) ? ["src/references.ts"] : []),
    ...(all.some((benchmark) => benchmark.files?.score) ? ["src/record.ts", "src/score-files.ts"] : []),
  ]
  const index = readFileSync(join(folder, "src", "index.ts"), "utf8")
  return [
    ...files.filter((file) => !existsSync(join(folder, file))).map((file) => `it has no ${file}`),
    ...(/^(export (type )?(\{[^}]*\}|\*) from "[^"]+"\s*)*$/.test(index)
      ? []
      : ["its src/index.ts does more than re-export"]),
  ]
}
