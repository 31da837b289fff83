/** The package.json of a made package: what `swirl`, npm and the compiler have to know of it. */
import type { Names } from "./names.ts"
import type { TemplateManifest } from "./template.ts"
import { engines, peerRange, versionRanges } from "./versions.ts"

const tools = ["@swirl-ts/cli", "@swirl-ts/core", "@swirl-ts/testing", "@types/node", "typescript"]

export function packageManifest(names: Names, { version, description, dependencies = {} }: TemplateManifest): object {
  return {
    name: names.package,
    version,
    description,
    keywords: ["swirl-ts-plugin"],
    license: "MIT",
    type: "module",
    sideEffects: false,
    engines,
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    files: ["dist", "!**/*.test.*"],
    publishConfig: { access: "public" },
    scripts: {
      test: 'node --test "src/**/*.test.ts"',
      build: "tsc",
      prepack: "npm run build",
    },
    dependencies: Object.keys(dependencies).length > 0 ? versionRanges(Object.keys(dependencies)) : undefined,
    peerDependencies: { "@swirl-ts/core": peerRange("@swirl-ts/core") },
    devDependencies: versionRanges(tools),
  }
}
