/**
 * Who may import whom (see README, "Map"). Contracts know nobody; what plugins share is `kit`; plugins never import each
 * other; stages, experiment and cli reach plugins through the registry, and cli alone lists the official ones.
 */
import { readdirSync, readFileSync } from "node:fs"

/** A package's sources -> the packages they may import. Every package has its line. */
const arrows = {
  core: [],
  stats: [],
  transformer: [],
  "policy-nano": [],
  kit: ["core"],
  store: ["core", "kit"],
  "bench-kit": ["core", "kit"],
  "bench-gsm8k": ["core", "kit", "bench-kit"],
  "bench-hotpotqa": ["core", "kit", "bench-kit"],
  "bench-musique": ["core", "kit", "bench-kit"],
  "bench-beerqa": ["core", "kit", "bench-kit"],
  "bench-cofca": ["core", "kit", "bench-kit"],
  "bench-sandbox": ["core", "kit"],
  "tools-calculator": ["core", "kit"],
  "tools-search": ["core", "kit"],
  "tools-mcp": ["core", "kit"],
  embedders: ["core", "kit"],
  "engine-ray": ["core", "kit"],
  models: ["core", "kit"],
  "model-llama": ["core", "kit"],
  local: ["core", "kit", "transformer"],
  "engine-tinker": ["core", "kit"],
  judges: ["core", "kit"],
  trainer: ["core", "kit", "stats", "store"],
  runner: ["core", "kit", "store"],
  stages: ["core", "kit", "stats", "store", "runner"],
  experiment: ["core", "stats", "store", "stages"],
  report: ["core", "kit", "stats", "store"],
  formats: ["core", "kit", "store", "runner", "stages"],
  testing: ["core", "kit"],
  "create-plugin": ["core"],
  "test-support": ["core", "kit", "store"],
}

const packages = readdirSync("packages")
const without = packages.filter((name) => name !== "cli" && !(name in arrows))
if (without.length > 0) throw new Error(`.dependency-cruiser.mjs has no arrows for ${without.join(", ")}`)

/** Files that packages export. */
const entryPoints = packages.flatMap((name) =>
  Object.values(JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8")).exports)
    .filter((target) => typeof target === "object")
    .map((target) => `packages/${name}/${target["@swirl-ts/source"].slice(2)}`),
)

const sources = (name) => ({ path: `^packages/${name}/src/`, pathNot: "\\.test\\.ts$" })

export default {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `${name}-imports`,
      severity: "error",
      comment: `${name} may import only ${allowed.join(", ") || "no swirl package"}`,
      from: sources(name),
      to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
    })),
    {
      name: "only-entry-points",
      severity: "error",
      comment: "import other packages by name",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/([^/]+)/src/", pathNot: ["^packages/$1/", `^(${entryPoints.join("|")})$`] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules|model|fixtures)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@swirl-ts/source", "import", "node", "default"],
      extensions: [".ts", ".mjs", ".js"],
    },
  },
}
