/** Which files are imported: those that are named, and of a folder those whose names end as the format's do. */
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { errorCode, onDisk } from "@swirl-ts/kit"
import type { Importer } from "./conversation.ts"

/** What Inspect, and swirl's own exports, write beside their files. */
const others = /^(eval-set|logs|manifest)\.json$|^(.*\.)?export\.json$/

/** Each once, in order. A folder is read with what is below it; links in it are not followed. */
export async function filesToImport(paths: readonly string[], { name, endings }: Importer): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT")
        throw new SwirlError(`There is no ${path} to import. Name files, or folders that hold them.`, { kind: "usage" })
      throw error
    })
    if (!found.isDirectory()) files.push(path)
    else {
      const inside = await filesBelow(path, endings)
      if (inside.length === 0)
        throw new SwirlError(
          `The folder ${path} holds no file for --format ${name}: none ends in ${endings.join(" or ")}.`,
          { kind: "usage" },
        )
      files.push(...inside)
    }
  }
  return [...new Set(files)]
}

async function filesBelow(folder: string, endings: readonly string[]): Promise<string[]> {
  const entries = await onDisk("read", folder, () => readdir(folder, { withFileTypes: true, recursive: true }))
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith(".") && !others.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
}
