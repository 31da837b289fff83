/** What to type next, in the words of the package manager that was used. */
import { relative } from "node:path"
import type { Created } from "./create.ts"
import { type KindName, kinds } from "./kinds.ts"

/** How a package manager runs an installed command. */
const runners: Readonly<Record<string, string>> = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" }

/** `userAgent`: npm's and others' `npm_config_user_agent`, e.g. `pnpm/10.2.0 npm/? node/v24.1.0 linux x64`. */
function packageManager(userAgent = ""): string {
  const [name = ""] = userAgent.split("/")
  return name in runners ? name : "npm"
}

export function nextSteps(
  { directory, names }: Created,
  { kind, userAgent, workingDirectory }: { kind: KindName; userAgent?: string; workingDirectory: string },
): string {
  const manager = packageManager(userAgent)
  const swirl = `${runners[manager]} swirl`
  const attempt = kinds[kind].attempt.replace("PLUGIN", "--plugin ./src/index.ts")
  return [
    `Made ${names.package} in ${directory}: a plugin ${names.plugin} of the kind ${kind}.`,
    "",
    `  cd ${relative(workingDirectory, directory) || "."}`,
    `  ${manager} install`,
    `  ${manager} test`,
    `  ${swirl} ${attempt}`,
    `  ${manager} run build`,
    `  ${swirl} check .`,
    "",
  ].join("\n")
}
