/** The card of a dataset folder: metadata that Hugging Face reads, then what a reader has to know, all of it from records. */
import { slug } from "@swirl-ts/core"
import type { ExportFacts } from "./export-format.ts"

export interface CardFile {
  benchmark: string
  split: string
  license?: string
  /** Beneath the folder. */
  name: string
  rows: number
}

export interface CardFacts {
  files: readonly CardFile[]
  policies: readonly string[]
  judges: readonly string[]
  facts: ExportFacts
}

export function hfCard({ files, policies, judges, facts }: CardFacts): string {
  const licenses = [...new Set(files.map(({ license }) => license))]
  const metadata = [
    "---",
    ...licenseLines(licenses),
    "tags:",
    "- swirl-ts",
    "- tool-use",
    "- agent-trajectories",
    "configs:",
    ...[...Map.groupBy(files, ({ benchmark }) => benchmark)].flatMap(([benchmark, of]) => [
      `- config_name: ${slug(benchmark)}`,
      "  data_files:",
      ...of.flatMap(({ split, name }) => [`  - split: ${splitName(split)}`, `    path: ${name}`]),
    ]),
    "---",
  ]
  const rows = files.map(
    ({ benchmark, split, rows, license }) =>
      `| ${plain(benchmark)} | ${plain(split)} (here: ${splitName(split)}) | ${rows} | ${plain(license ?? "not stated")} |`,
  )
  return [
    ...metadata,
    "",
    "# Trajectories of a tool-using language model",
    "",
    `Exported by [swirl-ts](https://github.com/swirl-ts/swirl-ts) ${facts.swirlVersion} from run \`${facts.runId}\` of ${facts.createdAt}${facts.gitRevision ? `, code at \`${facts.gitRevision}\`` : ""}. A row is a trajectory: its conversation as the model saw it, its steps, and what was judged.`,
    "",
    "| benchmark | split | trajectories | licence of the questions |",
    "|---|---|---|---|",
    ...rows,
    "",
    `- Policies: ${policies.map((policy) => `\`${policy}\``).join(", ") || "none"}`,
    `- Judges of steps: ${judges.map((judge) => `\`${judge}\``).join(", ") || "none: no step has a verdict"}. A step without a verdict has null, which is no bad one.`,
    "- `metrics` are the benchmark's own score of the answer; null where it has none, which is no 0.",
    "- `references` are the benchmark's answers. Do not publish those of a split that others measure on.",
    "",
  ].join("\n")
}

/** Names of the hub, by those that benchmarks state. Any other is `other`, with its own words beside it. */
const known: Readonly<Record<string, string>> = {
  MIT: "mit",
  "MIT (generated)": "mit",
  "Apache 2.0": "apache-2.0",
  "CC BY 4.0": "cc-by-4.0",
  "CC BY-SA 4.0": "cc-by-sa-4.0",
}

function licenseLines(licenses: readonly (string | undefined)[]): string[] {
  const [license] = licenses
  const name = licenses.length === 1 && license !== undefined ? known[license] : undefined
  if (name) return [`license: ${name}`]
  const all = licenses.map((each) => each ?? "not stated").join("; ")
  return licenses.length === 0 ? [] : ["license: other", `license_name: ${JSON.stringify(all)}`]
}

/** Names of splits are letters, digits and underlines there. */
const splitName = (split: string): string => split.replaceAll(/[^A-Za-z0-9_]+/g, "_")

const plain = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")
