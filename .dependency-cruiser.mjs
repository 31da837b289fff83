/**
 * Who may import whom (see README, "Map"). Plugins never import each other; contracts know nobody;
 * experiment, runner and cli reach plugins through the registry, cli alone lists the official ones.
 */
const pkg = (...names) => `^packages/(${names.join("|")})/`
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  comment: `${from.join(", ")} may import only ${allowed.join(", ") || "no swirl package"}`,
  from: { path: pkg(...from), pathNot: "(\\.test\\.ts$|/test/|/scripts/)" },
  to: { path: "^packages/", pathNot: pkg(...from, ...allowed) },
})

/** Each package on its own, so that no two of a group can import each other. */
const each = (names, allowed) => names.map((name) => only(`${name}-imports`, [name], allowed))

export default {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: { pathNot: "\\.test\\.ts$" },
      to: { circular: true, dependencyTypesNot: ["type-only"] },
    },
    ...each(["core", "stats", "transformer", "policy-nano", "qa-metrics"], []),
    ...each(
      ["store", "datasets", "models", "embedders", "model-llama", "tools-calculator", "tools-search", "bench-sandbox"],
      ["core"],
    ),
    ...each(
      ["bench-gsm8k", "bench-hotpotqa", "bench-musique", "bench-beerqa", "bench-cofca"],
      ["core", "datasets", "qa-metrics"],
    ),
    ...each(["judges"], ["core", "stats"]),
    ...each(["runner"], ["core", "store"]),
    ...each(["model-local"], ["core", "transformer"]),
    ...each(["trainer"], ["core", "stats", "store", "transformer", "model-local"]),
    ...each(["experiment"], ["core", "stats", "store", "runner", "judges"]),
    ...each(["report"], ["core", "stats", "store"]),
    {
      name: "only-entry-points",
      severity: "error",
      comment: "import other packages by name",
      from: { path: "^packages/([^/]+)/" },
      to: {
        path: "^packages/([^/]+)/src/",
        pathNot: ["^packages/$1/", "^packages/[^/]+/src/(index|demonstration)\\.ts$"],
      },
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
