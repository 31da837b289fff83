/** Every package of the workspace takes the others at exactly the version that stands beside it; ranges of peers have to hold for it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Paths of the manifests that changed. Throws, before anything is written, where a peer's range no longer holds. */
export function exactVersionsEverywhere(root, satisfies) {
  const paths = ["package.json", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`)]
  const manifests = paths.map((path) => ({ path, manifest: JSON.parse(readFileSync(join(root, path), "utf8")) }))
  const versions = new Map(manifests.map(({ manifest }) => [manifest.name, manifest.version]))
  const changed = manifests.filter(({ manifest }) => {
    for (const [name, range] of Object.entries(manifest.peerDependencies ?? {}))
      if (versions.has(name) && !satisfies(versions.get(name), range))
        throw new Error(
          `${manifest.name} takes ${name} ${range}, which ${versions.get(name)} is not in: change the range.`,
        )
    const stale = [manifest.dependencies, manifest.devDependencies].map((taken) => setVersions(taken ?? {}, versions))
    return stale.includes(true)
  })
  for (const { path, manifest } of changed) writeFileSync(join(root, path), `${JSON.stringify(manifest, null, 2)}\n`)
  return changed.map(({ path }) => path)
}

function setVersions(taken, versions) {
  const stale = Object.keys(taken).filter((name) => versions.has(name) && taken[name] !== versions.get(name))
  for (const name of stale) taken[name] = versions.get(name)
  return stale.length > 0
}
