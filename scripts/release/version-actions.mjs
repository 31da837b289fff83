/**
 * How `nx release` reads and writes versions here, in place of those of `@nx/js`, which we do not install. Packages are
 * released with what is in their `dependencies`, exactly; ranges of peers stay as they are as long as they hold. What
 * packages take of each other for their tests follows at the end, and the lock file with it.
 */
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { VersionActions } from "nx/release"
import semver from "semver"
import { exactVersionsEverywhere } from "./exact-versions.mjs"

export default class PackageVersionActions extends VersionActions {
  validManifestFilenames = ["package.json"]

  get #path() {
    return join(this.projectGraphNode.data.root, "package.json")
  }

  #read(tree) {
    return JSON.parse(tree.read(this.#path, "utf8"))
  }

  #write(tree, manifest) {
    tree.write(this.#path, `${JSON.stringify(manifest, null, 2)}\n`)
  }

  async readCurrentVersionFromSourceManifest(tree) {
    return { currentVersion: this.#read(tree).version, manifestPath: this.#path }
  }

  async readCurrentVersionFromRegistry() {
    throw new Error("Versions are read from git tags and from package.json, never from a registry.")
  }

  async readDependencies(tree, projectGraph) {
    const { dependencies = {} } = this.#read(tree)
    return (await super.readDependencies(tree, projectGraph)).filter(({ target }) => target in dependencies)
  }

  async readCurrentVersionOfDependency(tree, _projectGraph, name) {
    const currentVersion = this.#read(tree).dependencies?.[name] ?? null
    return { currentVersion, dependencyCollection: currentVersion && "dependencies" }
  }

  async updateProjectVersion(tree, newVersion) {
    this.#write(tree, { ...this.#read(tree), version: newVersion })
    return [`✍️  ${this.#path}: version ${newVersion}`]
  }

  async updateProjectDependencies(tree, _projectGraph, versions) {
    const manifest = this.#read(tree)
    const names = Object.keys(versions).filter((name) => name in (manifest.dependencies ?? {}))
    for (const name of names) manifest.dependencies[name] = versions[name]
    this.#write(tree, manifest)
    return names.map((name) => `✍️  ${this.#path}: ${name} ${versions[name]}`)
  }
}

/** By now the manifests of what is released are written. */
export async function afterAllProjectsVersioned(cwd, { dryRun }) {
  if (dryRun) return { changedFiles: [], deletedFiles: [] }
  const changedFiles = exactVersionsEverywhere(cwd, semver.satisfies)
  const run = (file, args) => execFileSync(file, args, { cwd, stdio: "inherit", shell: process.platform === "win32" })
  run("npm", ["install", "--package-lock-only", "--ignore-scripts"])
  run("node", ["scripts/complete-lock.mjs"])
  return { changedFiles: [...changedFiles, "package-lock.json"], deletedFiles: [] }
}
