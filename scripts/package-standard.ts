/**
 * What every package says of itself: where it lives, what it needs, how it is tested, built and released. The same for
 * all but name, description, keywords and dependencies; run as a script it is written into every package, a new one too.
 *
 *   node scripts/bootstrap.mjs scripts/package-standard.ts
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export interface Manifest {
  name: string
  private?: boolean
  description?: string
  keywords?: string[]
  files?: string[]
  engines?: Record<string, string>
  scripts?: Record<string, string>
  exports?: Record<string, unknown>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  [field: string]: unknown
}

const root = new URL("../", import.meta.url)
const repository = "https://github.com/swirl-ts/swirl-ts"
const read = (path: string) => readFileSync(new URL(path, root), "utf8")

export const packageFolders: readonly string[] = readdirSync(new URL("packages/", root))
export const license = read("LICENSE")
export const readLicense = (folder: string): string => read(`packages/${folder}/LICENSE`)
export const readReadme = (folder: string): string => read(`packages/${folder}/README.md`)
export const readManifest = (folder: string): Manifest => JSON.parse(read(`packages/${folder}/package.json`))

// Type stripping without a flag, which plugins and configs in TypeScript need.
const engines = { node: ">=22.18" }

// As scripts/bootstrap.mjs has them; npm puts the pinned Node into the path.
const flags = "--conditions=@swirl-ts/source --disable-warning=ExperimentalWarning"

/** The manifest with the fields that are the same everywhere, in the order of all manifests; nothing else changes. */
export function completed(manifest: Manifest, folder: string): Manifest {
  const test = `node ${flags} ../../node_modules/vitest/vitest.mjs run --root ../.. packages/${folder}/`
  const scripts = { ...manifest.scripts, test: `${test} --passWithNoTests` }
  if (manifest.private) return { ...manifest, engines, scripts }
  const { name, version, description, keywords = [], type, sideEffects, ...rest } = manifest
  const peers = manifest.peerDependencies
  return {
    name,
    version,
    description,
    keywords: [...new Set(["swirl-ts", ...keywords])],
    homepage: `${repository}/tree/main/packages/${folder}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: "git", url: `git+${repository}.git`, directory: `packages/${folder}` },
    license: "MIT",
    type,
    sideEffects,
    ...rest,
    engines,
    scripts: { ...scripts, prepack: "node ../../scripts/prepack.mjs" },
    // What a plugin needs of core is its apiVersion, which is checked at load; a minor version breaks no plugin.
    ...(peers?.["@swirl-ts/core"] ? { peerDependencies: { ...peers, "@swirl-ts/core": ">=0.1.0 <1" } } : {}),
    publishConfig: { access: "public", provenance: true },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of packageFolders) {
    const manifest = completed(readManifest(folder), folder)
    writeFileSync(new URL(`packages/${folder}/package.json`, root), `${JSON.stringify(manifest, null, 2)}\n`)
    if (!manifest.private) writeFileSync(new URL(`packages/${folder}/LICENSE`, root), license)
  }
}
