import { existsSync } from "node:fs"
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "init",
  description: "write a swirl.config.ts that lists the official plugins",
  plugins: false,
  async run({ host }) {
    const path = join(host.workingDirectory, "swirl.config.ts")
    if (existsSync(path)) throw new SwirlError(`${path} exists already; it is left as it is.`, { kind: "usage" })
    const { officialPlugins } = await import("../official-plugins.ts")
    const packages = Object.entries(officialPlugins).map(([name, create]) => ({ name, from: create().meta.name }))
    await writeFileAtomic(path, scaffold(packages))
    return { path }
  },
  text: ({ path }) => `Wrote ${path}.`,
})

/** `from` is a plugin's name, which is its package's. */
function scaffold(packages: readonly { name: string; from: string }[]): string {
  const imports = [...packages, { name: "defineConfig", from: "core" }]
    .sort((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ name, from }) => `import { ${name} } from "@swirl-ts/${from}"`)
  return `${imports.join("\n")}

export default defineConfig({
  // Add your own plugin here; \`swirl list\` shows what is loaded.
  plugins: [
${packages.map(({ name }) => `    ${name}(),`).join("\n")}
  ],
  // Short names for model strings: \`swirl eval gsm8k --model small\`.
  models: { small: "openai:my-model" },
  // Names of the plugins above; a typo is a compile error.
  defaults: { judge: "grounded", strategy: "process", seed: 7 },
})
`
}
