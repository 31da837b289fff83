/**
 * Templates are real packages, which the workspace's own compiler and linter read: `my-package`, with the plugin
 * `my-plugin` made by `myPlugin()`. Making a package means putting its names in the place of these.
 */
import { readdir, readFile } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { KindName } from "./kinds.ts"
import { type Names, namesOf } from "./names.ts"

const templates = fileURLToPath(new URL("../templates/", import.meta.url))

/** Text by path, with `/` between folders. */
export type Files = ReadonlyMap<string, string>

/** What differs between kinds: a template's package.json says no more. */
export interface TemplateManifest {
  version: string
  description: string
  dependencies?: Readonly<Record<string, string>>
}

export interface Template {
  manifest: TemplateManifest
  /** The kind's own: sources, their test, and the first part of the README. */
  files: Files
}

export async function readTemplate(kind: KindName): Promise<Template> {
  const { "package.json": manifest, ...files } = Object.fromEntries(await filesIn(join(templates, kind)))
  return { manifest: JSON.parse(manifest!) as TemplateManifest, files: new Map(Object.entries(files)) }
}

/** What packages of every kind have around their sources. */
export const readCommon = (): Promise<Files> => filesIn(join(templates, "common"))

/** All names that a package gets; the factory's is not one that the template's code uses for something else. */
export const templateNames = (name: string, { files }: Template): Names =>
  namesOf(name, new Set([...files.values()].flatMap((text) => text.match(/\b[\w$]+\b/g) ?? [])))

/** The same files under a package's own names. */
export const named = (files: Files, names: Names): Files =>
  new Map(
    [...files].map(([path, text]) => [
      path,
      text
        .replaceAll("my-package", names.package)
        .replaceAll("my-plugin", names.plugin)
        .replaceAll("myPlugin", names.factory),
    ]),
  )

async function filesIn(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      paths
        .sort()
        .map(
          async (path): Promise<[string, string]> => [
            relative(folder, path).split(sep).join("/"),
            await readFile(path, "utf8"),
          ],
        ),
    ),
  )
}
