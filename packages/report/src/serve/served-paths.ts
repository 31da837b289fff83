/**
 * Which path names which file. Invariant: a path is looked up, never joined: what is served are the viewer's own files and the
 * pages of a build, and no text of a request becomes a part of a file's name.
 */
import { join } from "node:path"
import { viewerFiles } from "../viewer/viewer-files.ts"

/** `folder` is the viewer's, `pages` the folders of pages in its `data/` that may be asked for. */
export function servedFile(path: string, folder: string, pages: ReadonlySet<string>): string | undefined {
  const file = path === "/" ? "index.html" : path.slice(1)
  if ((viewerFiles as readonly string[]).includes(file)) return join(folder, file)
  if (path === "/data/summary.js") return join(folder, "data", "summary.js")
  const [, build = "", name = ""] = /^\/data\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  if (!pages.has(build) || !/^(questions|samples|trajectories|tokens)-\d{1,9}\.js$/.test(name)) return undefined
  return join(folder, "data", build, name)
}

/** By the ending of a file's name. */
export function contentType(file: string): string {
  const ending = file.slice(file.lastIndexOf(".") + 1)
  return types[ending] ?? "application/octet-stream"
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  md: "text/plain; charset=utf-8",
}
