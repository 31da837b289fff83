/**
 * Who may import whom (see README, "Map"). Contracts know nobody; what plugins share is `kit`; plugins never import each
 * other; stages, experiment and cli reach plugins through the registry, and cli alone lists the official ones.
 */
import { readdirSync, readFileSync } from "node:fs"

/** A package's sources -> the packages they may import. Every package has its line. */
const arrows = {
  platform: [],
  core: ["platform"],
  stats: [],
  transformer: ["platform"],
  "policy-nano": [],
  kit: ["core", "platform"],
  store: ["core", "kit", "platform"],
  "bench-kit": ["core", "kit"],
  "bench-gsm8k": ["core", "kit", "bench-kit"],
  "bench-hotpotqa": ["core", "kit", "bench-kit"],
  "bench-musique": ["core", "kit", "bench-kit"],
  "bench-beerqa": ["core", "kit", "bench-kit"],
  "bench-cofca": ["core", "kit", "bench-kit"],
  "bench-sandbox": ["core", "kit"],
  "tools-calculator": ["core", "kit"],
  "tools-search": ["core", "kit", "platform"],
  "tools-mcp": ["core", "kit"],
  embedders: ["core", "kit"],
  "engine-ray": ["core", "kit"],
  models: ["core", "kit", "store"],
  "model-llama": ["core", "kit"],
  local: ["core", "kit", "platform", "transformer"],
  "engine-tinker": ["core", "kit"],
  judges: ["core", "kit", "platform"],
  trainer: ["core", "kit", "platform", "stats", "store"],
  runner: ["core", "kit", "platform", "store"],
  stages: ["core", "kit", "platform", "stats", "store", "runner"],
  experiment: ["core", "stats", "store", "stages"],
  report: ["core", "kit", "stats", "store"],
  formats: ["core", "kit", "store", "runner", "stages"],
  testing: ["core", "kit"],
  vitest: ["cli", "core", "runner", "stages"],
  "create-plugin": ["core"],
  "test-support": ["core", "kit", "store"],
}

/**
 * Where Node's own modules may be imported: what runs on Node alone. All other code asks `platform` for what it needs of the
 * machine, so it runs in a browser as it is; docs/decisions/2026-11-29-a-loop-in-a-tab.md says why.
 */
const onNodeAlone = [
  "platform/src/(node/|[^/]+\\.test\\.ts)",
  ...[
    "kit/src/http",
    "kit/src/download",
    "cli",
    "experiment",
    "report",
    "formats",
    "testing",
    "vitest",
    "create-plugin",
    "test-support",
  ],
  ...["bench-kit", "bench-beerqa", "bench-cofca", "bench-hotpotqa", "policy-nano"],
  ...["embedders", "engine-ray", "engine-tinker", "model-llama", "models", "tools-mcp"],
  // Servers and what native libraries are built with: a browser gets `in-browser.ts` and `none.ts` in their place.
  ...["stages/src/judge-service", "transformer/src/native"],
].map((path) => `^packages/${path}${path.includes("(") ? "" : "/"}`)

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
      name: "node-is-asked-by-platform",
      severity: "error",
      comment: "ask @swirl-ts/platform for what you need of the machine, so that this runs in a browser too",
      from: { path: "^packages/[^/]+/src/", pathNot: ["\\.test\\.ts$", ...onNodeAlone] },
      to: { dependencyTypes: ["core"], dependencyTypesNot: ["type-only"] },
    },
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
