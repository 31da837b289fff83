/**
 * Where an export goes: a file or a folder that is there whole or not at all. What says of it what it is stands beside the file,
 * as `<file>.export.json`, or in the folder, as `export.json`; only what has such a document is written over.
 */
import { existsSync, statSync } from "node:fs"
import { readFile, rename, rm } from "node:fs/promises"
import { basename, dirname, extname, join, resolve } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { makeFolder, onDisk, syncPath, temporaryBeside, writeFileAtomic } from "@swirl-ts/kit"
import type { ExportFormat } from "./export-format.ts"

export const exportSchema = "swirl.export/1"

export interface Destination {
  /** To write to: not there yet, in the same folder. */
  temporary: string
  ending: string
  /** Puts the export in its place, with its document. */
  finish(document: object): Promise<void>
  /** Takes away what is not finished. */
  discard(): Promise<void>
}

export async function openDestination(out: string, { name, destination }: ExportFormat): Promise<Destination> {
  const path = resolve(out)
  const isFolder = destination === "folder"
  const ending = extname(path)
  if (!isFolder && !destination.endings.includes(ending))
    throw new SwirlError(
      `--out ${out}: the format ${name} is a file that ends in ${destination.endings.join(" or ")}.`,
      { kind: "usage" },
    )
  const document = isFolder ? join(path, "export.json") : `${path}.export.json`
  await checkReplaceable(path, document, isFolder)
  await onDisk("write", path, () => makeFolder(dirname(path)))
  const temporary = temporaryBeside(path)
  if (isFolder) await onDisk("write", path, () => makeFolder(temporary))
  return {
    temporary,
    ending,
    async finish(content) {
      const text = `${JSON.stringify(content, null, 2)}\n`
      if (isFolder) {
        await writeFileAtomic(join(temporary, basename(document)), text)
        await replaceFolder(temporary, path)
      } else {
        await onDisk("write", path, () => rename(temporary, path))
        await writeFileAtomic(document, text)
      }
      await syncPath(dirname(path))
    },
    discard: () => rm(temporary, { recursive: true, force: true }),
  }
}

async function checkReplaceable(path: string, document: string, isFolder: boolean): Promise<void> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return
  const isOwn = found.isDirectory() === isFolder && existsSync(document) && (await isExport(document))
  if (!isOwn)
    throw new SwirlError(
      `${path} is there already and is no export of this command, so it is not written over. Give another --out, or take it away.`,
      { kind: "usage" },
    )
}

async function isExport(document: string): Promise<boolean> {
  const text = await onDisk("read", document, () => readFile(document, "utf8"))
  return text.includes(`"schema": "${exportSchema}"`)
}

async function replaceFolder(from: string, to: string): Promise<void> {
  const old = temporaryBeside(to)
  await onDisk("write", to, async () => {
    if (existsSync(to)) await rename(to, old)
    await rename(from, to)
    await rm(old, { recursive: true, force: true })
  })
}
