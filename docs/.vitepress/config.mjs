import { readdirSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vitepress"

const repository = "https://github.com/swirl-ts/swirl-ts"
const contracts = [
  "tool",
  "benchmark",
  "judge",
  "filter",
  "action-format",
  "model",
  "algorithm",
  "engine",
  "retriever",
  "embedder",
]
const packages = readdirSync(join(import.meta.dirname, "..", "packages"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => file.slice(0, -".md".length))

/**
 * What the page with the loop brings along runs in a browser. Vite would put an empty module in place of one of Node's, and the
 * page would fail when it is asked; so whatever is left of Node in what is written ends the build.
 */
const nothingOfNode = () => ({
  name: "nothing-of-node",
  enforce: "pre",
  resolveId(id, _importer, { ssr } = {}) {
    return !ssr && id.startsWith("node:") ? { id, external: true, moduleSideEffects: false } : undefined
  },
  generateBundle(_options, bundle) {
    for (const { fileName, imports = [], dynamicImports = [] } of Object.values(bundle))
      for (const id of [...imports, ...dynamicImports].filter((each) => each.startsWith("node:")))
        this.error(
          `${fileName} would import ${id}, which no browser has. One of these does: ${this.getModuleInfo(id).importers.join(", ")}. Let it ask @swirl-ts/platform.`,
        )
  },
})

export default defineConfig({
  title: "swirl-ts",
  description: "Step-wise reinforcement learning for tool-using language models, in TypeScript",
  lastUpdated: false,
  vite: {
    plugins: [nothingOfNode()],
    resolve: { conditions: ["@swirl-ts/source"] },
    worker: { format: "es", plugins: () => [nothingOfNode()] },
    build: { target: "esnext", chunkSizeWarningLimit: 8000 },
    // esbuild would read the workspace's own, and knows no es2024.
    esbuild: { tsconfigRaw: { compilerOptions: { target: "esnext", verbatimModuleSyntax: true } } },
    server: { fs: { allow: [".."] } },
  },
  markdown: {
    config(markdown) {
      // Double braces in code are text, not an expression of the page.
      const { code_inline: written } = markdown.renderer.rules
      markdown.renderer.rules.code_inline = (...token) => written(...token).replaceAll("{{", "&#123;&#123;")
      // Links that leave the docs lead to the repository.
      markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
        const folder = join("docs", env.relativePath, "..")
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const target = token.attrGet("href")
          if (token.type !== "link_open" || !target?.startsWith("..")) continue
          const path = join(folder, target)
          if (!path.startsWith("docs")) token.attrSet("href", `${repository}/blob/main/${path}`)
        }
      })
    },
  },
  themeConfig: {
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "In a tab", link: "/tab" },
      { text: "Commands", link: "/commands" },
      { text: "API", link: "/api/" },
    ],
    sidebar: [
      {
        text: "Guide",
        items: [
          { text: "The whole loop in a tab", link: "/tab" },
          { text: "Your tool in a benchmark", link: "/tutorial" },
          { text: "The method, with numbers", link: "/method" },
          { text: "Experiments and matrices", link: "/experiments" },
          { text: "A plan for 10^8 samples", link: "/scale" },
          { text: "Speed and memory", link: "/speed" },
          { text: "Models", link: "/models" },
          { text: "Requests to servers", link: "/requests" },
          { text: "The judge as a service", link: "/judge-service" },
          { text: "Files of other tools", link: "/formats" },
          { text: "Cache, replay, scoring again", link: "/replay" },
          { text: "In CI", link: "/ci" },
        ],
      },
      { text: "Contracts", items: contracts.map((name) => ({ text: name, link: `/contracts/${name}` })) },
      {
        text: "Reference",
        items: [
          { text: "Commands", link: "/commands" },
          { text: "Records", link: "/records" },
          { text: "API", link: "/api/" },
        ],
      },
      { text: "Packages", collapsed: true, items: packages.map((name) => ({ text: name, link: `/packages/${name}` })) },
      {
        text: "The project",
        items: [
          { text: "Five seeds, all shown", link: "/seeds" },
          { text: "Two base policies, three seeds", link: "/demo-full" },
          { text: "Ten algorithms on one task", link: "/baselines" },
          { text: "Alarms that can be believed", link: "/alarms" },
          { text: "A real model on GSM8K", link: "/real-model" },
          { text: "Checks run by hand", link: "/checks" },
          { text: "Releasing", link: "/releasing" },
        ],
      },
    ],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: repository }],
  },
})
