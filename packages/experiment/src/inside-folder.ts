/** Texts as they read in the folder of their experiment, wherever it is moved to: paths in it are relative to it, with slashes. */
import { resolve } from "node:path"

export function insideFolder(directory: string): (text: string) => string {
  const root = resolve(directory).replace(/[\\/]+$/, "")
  if (root === "") return (text) => text
  const literal = root.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
  // Not within a longer name: /runs/a is neither in /runs/ab nor in /old/runs/a.
  const path = new RegExp(`(?<![\\w/\\\\.-])${literal}(?:([\\\\/])([^\\s"'\`,;:]*)|(?![\\w-]))`, "g")
  return (text) =>
    text.replace(path, (_, slash?: string, rest = "") =>
      slash === undefined || rest === "" ? "." : rest.replaceAll("\\", "/"),
    )
}
