/** Whether the types of every package, as packed, are those of what is imported (are the types wrong). Packages are ESM only. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core"

const folder = "dist/packages"
const supported = ["node16-esm", "bundler"]
for (const file of readdirSync(folder)) {
  const result = await checkPackage(createPackageFromTarballData(readFileSync(join(folder, file))))
  const problems = result.types ? result.problems : [{ kind: "NoTypes" }]
  for (const { kind, entrypoint = ".", resolutionKind } of problems) {
    if (resolutionKind && !supported.includes(resolutionKind)) continue
    process.exitCode = 1
    process.stderr.write(
      `${result.packageName}: ${kind} of "${entrypoint}"${resolutionKind ? ` for ${resolutionKind}` : ""}\n`,
    )
  }
}
