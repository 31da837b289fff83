/** The code of the README and of the package's page by the file name that stands in the first line of each block. */
import { readFileSync } from "node:fs"

const shown = ["../README.md", "../../../docs/packages/testing.md"]
  .map((path) => readFileSync(new URL(path, import.meta.url), "utf8"))
  .join("\n")

export const readmeFiles: Readonly<Record<string, string>> = Object.fromEntries(
  [...shown.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name!, code!]),
)
