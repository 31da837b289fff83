/** Every benchmark package has the same files and its page the same sections, so that one read teaches all. */
import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"

const packages = new URL("../../", import.meta.url)
const benchmarks = readdirSync(packages).filter((name) => name.startsWith("bench-") && name !== "bench-kit")
const read = (path: string): string => readFileSync(new URL(path, packages), "utf8")

/** As the table of this package's page names them. */
const files = [...read("../docs/packages/bench-kit.md").matchAll(/^\| `([a-z-]+)` \| /gm)].map(
  ([, name]) => `${name}.ts`,
)
const ofDataSets = ["files.ts", "record.ts", "score-files.ts", "references.ts"]

test.each(benchmarks)("%s has the files of a benchmark package", (name) => {
  const generated = name === "bench-sandbox"
  const expected = files.filter((file) => !generated || !ofDataSets.includes(file))
  expect(expected.length).toBeGreaterThan(4)
  expect(readdirSync(new URL(`${name}/src`, packages))).toEqual(expect.arrayContaining(expected))
})

test.each(benchmarks)("the page of %s has the sections of all", (name) => {
  const sections = [...read(`../docs/packages/${name}.md`).matchAll(/^## (.*)$/gm)].map(([, section]) => section)
  const shared = ["Data", "What the model is asked", "Scores", "Checked"]
  expect(sections.filter((section) => shared.includes(section!))).toEqual(shared)
  expect(sections.at(-1)).toBe("Checked")
})
