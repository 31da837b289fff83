/**
 * The viewer's own files: `index.html`, its script, its style and the licences of what is in them. They are built with the
 * package; sources that run as they are build them when they are first asked for, and again when one of them has changed.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { writeFileAtomic } from "@swirl-ts/kit"

export const viewerFiles = ["index.html", "viewer.js", "viewer.css", "licenses.md"] as const

/** Copies them into the folder, each whole. */
export async function copyViewerFiles(folder: string): Promise<void> {
  const from = await builtFolder()
  for (const file of viewerFiles) await writeFileAtomic(join(folder, file), await readFile(join(from, file)))
}

async function builtFolder(): Promise<string> {
  if (!import.meta.url.endsWith(".ts")) return fileURLToPath(new URL("../pages/", import.meta.url))
  const builder = new URL("../../viewer/build.mjs", import.meta.url).href
  const { buildViewer }: { buildViewer(): Promise<string> } = await import(builder)
  return buildViewer()
}
