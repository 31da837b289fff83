import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { nearestPackage } from "../nearest-package.ts"
import { findConfig } from "../plugins.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "init",
  description: "write a swirl.config.ts with the official plugins, to add yours to",
  plugins: false,
  async run({ host: { workingDirectory } }) {
    const there = findConfig(workingDirectory)
    if (there) throw new SwirlError(`${there} exists already; it is left as it is.`, { kind: "usage" })
    const path = join(workingDirectory, `swirl.config.${ending(workingDirectory)}`)
    await writeFileAtomic(path, scaffold)
    return { path }
  },
  text: ({ path }) => `Wrote ${path}.`,
})

/** Only `.mts` is a module wherever it stands; `.ts` is one where no package.json says otherwise. */
function ending(folder: string): "ts" | "mts" {
  const nearest = nearestPackage(folder)
  return nearest === undefined || nearest.type === "module" ? "ts" : "mts"
}

const scaffold = `import { defineConfig, official } from "@swirl-ts/cli"

export default defineConfig({
  // Add your own plugin here: \`[...official(), own()]\`; \`swirl list\` shows what is loaded.
  plugins: [...official()],
  // Short names for model strings: \`swirl eval gsm8k --model small\`.
  models: { small: "openai:my-model" },
  // Names of the plugins above; a typo is a compile error.
  defaults: { judge: "grounded", strategy: "process", seed: 7 },
})
`
