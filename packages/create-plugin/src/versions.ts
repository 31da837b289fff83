/** Versions that a made package asks for: those that this package was built and tried with, as its own package.json has them. */
import manifest from "../package.json" with { type: "json" }

const own: Readonly<Record<string, string>> = { ...manifest.devDependencies, ...manifest.dependencies }

/** Of what the package is built and tried with: a later compatible version will do. */
export const versionRanges = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries([...names].sort().map((name) => [name, `^${versionOf(name)}`]))

/** Of what a plugin is loaded into: the next major version is the first that may break it. */
export function peerRange(name: string): string {
  const version = versionOf(name)
  return `>=${version} <${Number.parseInt(version, 10) + 1}`
}

function versionOf(name: string): string {
  const version = own[name]
  if (version === undefined) throw new RangeError(`create-plugin's package.json does not list ${name}`)
  return version
}

/** The Node that runs TypeScript sources as they are. */
export const { engines } = manifest
