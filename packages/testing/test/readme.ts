/** The code of the README by the file name that stands in the first line of each block. */
import { readFileSync } from "node:fs"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

export const readmeFiles: Readonly<Record<string, string>> = Object.fromEntries(
  [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name!, code!]),
)
