/** Makes a package in a folder of its own. Nothing half-written: the folder is made elsewhere and appears whole, or not at all. */
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import type { KindName } from "./kinds.ts"
import { packageManifest } from "./manifest.ts"
import type { Names } from "./names.ts"
import { type Files, named, readCommon, readTemplate, templateNames } from "./template.ts"

export interface CreateRequest {
  /** The package's name, with its scope. */
  name: string
  kind: KindName
  /** The folder that gets the package's folder. */
  directory: string
}

export interface Created {
  directory: string
  names: Names
}

/** Throws a usage error for a name that npm does not take, and for a folder that has something in it. */
export async function createPlugin({ name, kind, directory }: CreateRequest): Promise<Created> {
  const template = await readTemplate(kind)
  const names = templateNames(name, template)
  const common = named(await readCommon(), names)
  const own = named(template.files, names)
  const target = join(directory, names.folder)
  await writeFolder(
    target,
    new Map([
      ...[...common, ...own].map(([path, text]): [string, string] => [
        path === "gitignore" ? ".gitignore" : path,
        text,
      ]),
      ["package.json", json(packageManifest(names, template.manifest))],
      ["README.md", own.get("README.md")! + common.get("README.md")!],
    ]),
  )
  return { directory: target, names }
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** A folder that exists may be empty. */
export async function writeFolder(target: string, files: Files): Promise<void> {
  await assertFree(target)
  try {
    await mkdir(dirname(target), { recursive: true })
    const temporary = join(dirname(target), `.create-plugin-${process.pid}-${Date.now()}`)
    await mkdir(temporary)
    try {
      for (const [path, text] of files) {
        const file = join(temporary, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, text)
      }
      await rmdir(target).catch(() => {})
      await rename(temporary, target)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  } catch (cause) {
    throw new SwirlError(`${target} cannot be written: ${errorMessage(cause)}`, { kind: "usage", cause })
  }
}

async function assertFree(target: string): Promise<void> {
  const entries = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw new SwirlError(`${target} exists already and is no folder. Choose another name, or move it away.`, {
      kind: "usage",
      cause: error,
    })
  })
  if (entries.length === 0) return
  throw new SwirlError(`The folder ${target} is not empty: ${entries.slice(0, 3).join(", ")}. Choose another name.`, {
    kind: "usage",
  })
}
