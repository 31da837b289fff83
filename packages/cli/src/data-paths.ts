/** Where benchmarks' files are: by full name, or under `""` for all; from `--data`, and from the config what that leaves open. */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { type Registry, SwirlError } from "@swirl-ts/core"

type DataPaths = Readonly<Record<string, string>>

/** Throws a usage error where a benchmark is unknown, or two flags name a path for the same. */
export function dataPaths(
  flags: readonly string[],
  config: DataPaths | undefined,
  registry: Registry,
  workingDirectory: string,
): DataPaths {
  const given: Record<string, string> = {}
  for (const flag of flags) {
    const [key, path] = readFlag(flag, registry, workingDirectory)
    if (given[key] !== undefined) {
      const whose = key === "" ? "every benchmark" : key
      throw new SwirlError(`--data names two places for ${whose}: ${given[key]} and ${path}. Leave one.`, {
        kind: "usage",
      })
    }
    given[key] = path
  }
  if (given[""] !== undefined) return given
  const configured = Object.entries(config ?? {}).map(([name, path]) => [
    registry.resolve("benchmarks", name).fullName,
    path,
  ])
  return { ...Object.fromEntries(configured), ...given }
}

/**
 * `gsm8k=path` for one benchmark, `path` for all: what stands before the sign has to be a benchmark's name. A word that
 * is none is refused, unless the whole is a path that is there.
 */
function readFlag(flag: string, registry: Registry, workingDirectory: string): [key: string, path: string] {
  const at = flag.indexOf("=")
  const name = flag.slice(0, Math.max(0, at))
  const isName =
    registry.has("benchmarks", name) || (/^[\w-]+$/.test(name) && !existsSync(resolve(workingDirectory, flag)))
  if (isName && flag.slice(at + 1).trim() === "")
    throw new SwirlError(`--data ${flag} names no path.`, { kind: "usage" })
  return isName ? [registry.resolve("benchmarks", name).fullName, flag.slice(at + 1)] : ["", flag]
}
