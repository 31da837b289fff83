/**
 * What every plugin package of the workspace holds to: the same files, a factory as default export, names and version as in
 * its package.json. What any plugin holds to, and all that it contributes, is checked by the published kit (`testing`).
 */
import { existsSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { pathToFileURL } from "node:url"
import { assertPlugin, errorMessage, type Plugin } from "@swirl-ts/core"

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
  return [...identityProblems(folder, plugin), ...fileProblems(folder, plugin)]
}

function identityProblems(folder: string, { meta }: Plugin): string[] {
  const { version } = readManifest(folder)
  return [
    ...(meta.name === basename(folder) ? [] : [`its folder is ${basename(folder)}, its meta.name "${meta.name}"`]),
    ...(meta.version === version ? [] : [`its meta.version is ${meta.version}, its package.json says ${version}`]),
  ]
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
