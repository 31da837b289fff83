/**
 * A plugin package of this workspace, from the templates of `npm create @swirl-ts/plugin`: as all others look here, with
 * its line in .dependency-cruiser.mjs and among the official plugins.
 *
 *   npm run new-plugin -- <name> --kind tool|benchmark|judge|filter|algorithm|model|engine|action-format
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { errorMessage, isSwirlError, SwirlError } from "@swirl-ts/core"
import {
  json,
  type KindName,
  type Names,
  named,
  readCommandLine,
  readTemplate,
  settle,
  type TemplateManifest,
  templateNames,
  writeFolder,
} from "@swirl-ts/create-plugin"
import { completed, type Manifest, sourceOf } from "./package-standard.ts"

const version = "0.1.0"

/** Writes the package below `root`. Throws a usage error for a scope, and for a folder that has something in it. */
export async function newPlugin(root: string, name: string, kind: KindName): Promise<Names> {
  if (name.startsWith("@")) {
    throw new SwirlError(`Packages here are all @swirl-ts/…: give ${name.split("/").at(-1)} alone.`, { kind: "usage" })
  }
  const template = await readTemplate(kind)
  const names = { ...templateNames(name, template), package: `@swirl-ts/${name}` }
  const read = (path: string): string => readFileSync(join(root, path), "utf8")
  const readManifest = (path: string): Manifest => JSON.parse(read(path))
  const command = readManifest("packages/cli/package.json")
  const dependencies = { ...command.dependencies, [names.package]: version }
  const official = read("packages/cli/src/official-plugins.ts")
  const edits = {
    ".dependency-cruiser.mjs": before(read(".dependency-cruiser.mjs"), /^ {2}trainer: /m, [
      `  ${JSON.stringify(names.folder)}: ["core", "kit"],`,
    ]),
    "packages/cli/src/official-plugins.ts": before(
      before(official, /^import \{ trainer \}/m, [`import { ${names.factory} } from "${names.package}"`]),
      /^ {2}trainer,$/m,
      [`  ${names.factory},`],
    ),
    "packages/cli/package.json": json({ ...command, dependencies: sorted(dependencies) }),
  }
  const manifest = packageManifest(names, template.manifest, {
    like: readManifest("packages/tools-calculator/package.json"),
    versions: readManifest("packages/create-plugin/package.json"),
  })
  const files = named(template.files, names)
  await writeFolder(
    join(root, "packages", names.folder),
    new Map([
      ...files,
      ["README.md", `${files.get("README.md")}${installation(names.folder)}`],
      ["LICENSE", read("LICENSE")],
      ["package.json", json(manifest)],
    ]),
  )
  for (const [path, text] of Object.entries(edits)) writeFileSync(join(root, path), text)
  return names
}

const installation = (folder: string): string => `
It is one of the official plugins, and comes with the command:

\`\`\`sh
npm install @swirl-ts/cli
\`\`\`

[Source](${sourceOf(folder)})
`

/** As `like`, a plugin package of the workspace; exact versions are those of `versions`. */
function packageManifest(
  names: Names,
  template: TemplateManifest,
  { like, versions }: { like: Manifest; versions: Manifest },
): Manifest {
  const known: Record<string, string> = { ...(versions.devDependencies as object), ...versions.dependencies }
  const pinned = (packages: readonly string[]): Record<string, string> =>
    sorted(Object.fromEntries(packages.map((name) => [name, known[name]!])))
  const { type, sideEffects, exports, files, peerDependencies } = like
  return completed(
    {
      name: names.package,
      version,
      description: template.description,
      keywords: ["swirl-ts-plugin", names.plugin],
      type,
      sideEffects,
      exports,
      files,
      ...(template.dependencies ? { dependencies: pinned(Object.keys(template.dependencies)) } : {}),
      peerDependencies,
      devDependencies: pinned(["@swirl-ts/core", "@swirl-ts/testing"]),
    },
    names.folder,
  )
}

const sorted = (versions: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)))

/** `text` with these lines before the one where `mark` matches. */
function before(text: string, mark: RegExp, lines: readonly string[]): string {
  const at = text.search(mark)
  if (at < 0) throw new SwirlError(`There is no line ${mark} any more to put ${lines.join(" ")} before.`)
  return `${text.slice(0, at)}${lines.join("\n")}\n${text.slice(at)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const asked = await settle(readCommandLine(process.argv.slice(2)), { input: process.stdin, output: process.stdout })
    const names = await newPlugin(fileURLToPath(new URL("../", import.meta.url)), asked.name, asked.kind)
    process.stdout.write(`Made packages/${names.folder}, one of the command's plugins. Next:

  npm install --ignore-scripts && node scripts/complete-lock.mjs
  npx biome check packages/${names.folder} packages/cli .dependency-cruiser.mjs --write
  npm test -- packages/${names.folder} packages/test-support
`)
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`)
    process.exitCode = isSwirlError(error) && error.kind === "usage" ? 2 : 1
  }
}
