/** What a CI job gets: JUnit, a summary, and an exit code that fails it. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test("an evaluation and a comparison as JUnit and Markdown, with thresholds that fail the job", async () => {
  const folder = temporaryFolder()
  const swirl = swirlIn(folder)
  const text = (path: string): string => readFileSync(join(folder, path), "utf8")
  writeFileSync(join(folder, "a.json"), JSON.stringify({ reply: '<answer>\u0001 ]]> & "18"</answer>' }))
  writeFileSync(join(folder, "b.json"), JSON.stringify([{ match: "/./", reply: "no tag" }]))
  const evaluate = (name: string, ...more: string[]) =>
    swirl("eval", "calc", "--limit", "3", "--model", `script:${name}.json`, "--run", name, ...more)

  const below = await evaluate("a", "--threshold", "0.5", "--junit", "out/a.xml", "--summary", "summary.md")
  expect(below.code).toBe(100)
  const xml = text("out/a.xml")
  expect(xml).toContain('tests="5" failures="1" errors="0" skipped="0"')
  expect(xml).toMatch(/<failure message="\w+ is 0\.0, below 50\.0 \(n 3\)">/)
  expect(xml).toContain("\\u0001 ]]&gt; &amp; &quot;18&quot;")
  expect(text("summary.md")).toMatch(
    /^### swirl eval: script:a\.json\n\n- ✅ .*\n- ❌ bench-sandbox\/calc\/\w+: .*below 50\.0/,
  )

  expect((await evaluate("b", "--summary", "summary.md")).code).toBe(0)
  expect(text("summary.md").match(/^### swirl eval/gm)).toHaveLength(2)

  const compared = await swirl("compare", "a", "b", "--threshold", "0.1", "--junit", "c.xml", "--summary", "c.md")
  expect(compared.code).toBe(100)
  expect(text("c.xml")).toContain('<failure message="the change is +0.0 points')
  expect(text("c.md")).toContain("a change of +10.0 points or more: **the change is +0.0 points")
  expect((await swirl("compare", "a", "b", "--threshold", "-0.1", "--fail-on-worse")).code).toBe(0)
  const wrong = await swirl("compare", "a", "b", "--threshold", "5", "--summary", "")
  expect(wrong.code).toBe(2)
}, 400_000)
