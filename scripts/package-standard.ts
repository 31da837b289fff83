/**
 * What every package says of itself: where it lives, what it needs, how it is tested, built and released. The same for
 * all but name, description, keywords and dependencies; run as a script it is written into every package, a new one too.
 *
 *   node scripts/bootstrap.mjs scripts/package-standard.ts
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
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
/** The page of the site that holds what is too long for the README; "" where there is none. */
export const readPage = (folder: string): string => {
  const path = `docs/packages/${folder}.md`
  return existsSync(new URL(path, root)) ? read(path) : ""
}
export const readManifest = (folder: string): Manifest => JSON.parse(read(`packages/${folder}/package.json`))

// Type stripping without a flag, which plugins and configs in TypeScript need.
const engines = { node: ">=22.18" }

// As scripts/bootstrap.mjs has them; npm puts the pinned Node into the path.
const flags = "--conditions=@swirl-ts/source --disable-warning=ExperimentalWarning"

export const sourceOf = (folder: string): string => `${repository}/tree/main/packages/${folder}`

/** What a README lacks that readers on npm need, one sentence each. */
export function readmeProblems(readme: string, folder: string, page: string): string[] {
  const words = readme.split(/\s+/).filter(Boolean).length
  const places = [...readme.matchAll(/https:\/\/github\.com\/swirl-ts\/swirl-ts\/(?:blob|tree)\/main\/([^)#\s]+)/g)]
  const source = `packages/${folder}`
  const longer = page ? [`docs/packages/${folder}.md`] : []
  return [
    ...(words > 600 ? [`it has ${words} words, of 600 at most: docs/packages/${folder}.md is for the rest`] : []),
    ...(/^(npm install|npm create) .*@swirl-ts\//m.test(readme) ? [] : ["it does not say what to install"]),
    ...[source, ...longer].filter((path) => !places.some(([, to]) => to === path)).map((path) => `no link to ${path}`),
    ...places
      .filter(([, to]) => to !== source && !existsSync(new URL(to!, root)))
      .map(([, to]) => `${to}, which it links to, is not there`),
  ]
}

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
    homepage: `${sourceOf(folder)}#readme`,
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
