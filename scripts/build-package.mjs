/** Builds the package of the working directory into dist: JavaScript, types and source maps, tests left out. */
import { spawnSync } from "node:child_process"
import { rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const config = join(process.cwd(), "tsconfig.build.tmp.json")
writeFileSync(
  config,
  JSON.stringify({
    extends: relative(process.cwd(), join(root, "tsconfig.json")),
    compilerOptions: {
      noEmit: false,
      customConditions: [],
      rewriteRelativeImportExtensions: true,
      declaration: true,
      sourceMap: true,
      rootDir: "src",
      outDir: "dist",
    },
    include: ["src"],
    exclude: ["src/**/*.test.ts"],
  }),
)
rmSync("dist", { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
  stdio: "inherit",
})
rmSync(config)
process.exit(status ?? 1)
