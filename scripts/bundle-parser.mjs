/** Writes the calculator's `dist/parse.js` with what it takes of mathjs in it, and the licences of that beside it. */
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL("../packages/tools-calculator/", import.meta.url))

export async function bundleParser() {
  const { build } = await import("vite")
  await build({
    configFile: false,
    mode: "production",
    root: folder,
    logLevel: "error",
    resolve: { noExternal: true },
    ssr: { noExternal: true },
    build: {
      ssr: join(folder, "src/parse.ts"),
      outDir: join(folder, "dist"),
      emptyOutDir: false,
      copyPublicDir: false,
      minify: true,
      sourcemap: true,
      license: { fileName: "parse-licenses.md" },
      rolldownOptions: { output: { entryFileNames: "parse.js" } },
    },
  })
}
