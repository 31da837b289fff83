/** The wordings that lie beside, and the command that measures them: on a scripted model, whose figures can be counted by hand. */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parsePromptTemplate } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readRecord } from "./record.ts"
import { promptTable } from "./table.ts"
import { variantsOf } from "./variants.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const wordings = join(root, "examples/prompts")
const run = (...args: string[]): string =>
  execFileSync(
    process.execPath,
    ["-C", "@swirl-ts/source", "--disable-warning=ExperimentalWarning", "scripts/prompts.ts", ...args],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  )

test("every wording in examples/prompts can be used", () => {
  const files = readdirSync(wordings)
  expect(files.length).toBeGreaterThanOrEqual(5)
  for (const file of files) expect(parsePromptTemplate(readFileSync(join(wordings, file), "utf8"), file)).toBeTruthy()
})

test("wordings, formats and examples are crossed, the benchmark's own wording first", () => {
  const names = variantsOf({ prompts: ["a/terse.txt"], formats: ["tags", "native"], shots: [0, 2], withoutTools: true })
  expect(names.map(({ name }) => name)).toEqual([
    ...["without-tools", "default-tags", "default-tags-2-shot", "default-native", "default-native-2-shot"],
    ...["terse-tags", "terse-tags-2-shot", "terse-native", "terse-native-2-shot"],
  ])
})

test("the shares are those of the records, and the record alone gives the table again", () => {
  const folder = temporaryFolder({
    "terse.txt": "Terse.\n{{question}}",
    "script.jsonl": jsonLines([
      { match: "Terse", replies: ["hm", "<math_exp>1 + 1</math_exp>", "<answer>2</answer>"] },
      { reply: "<answer>none</answer>" },
    ]),
  })
  const printed = run(
    ...["calc", "--model", `script:${join(folder, "script.jsonl")}`, "--out", join(folder, "out"), "--questions", "4"],
    ...["--prompts", join(folder, "terse.txt"), "--", "--steps", "3"],
  )
  const path = join(folder, "out/prompts.json")
  expect(printed).toContain(promptTable(readRecord(path)).join("\n"))
  expect(readFileSync(path, "utf8")).not.toContain(folder)
  expect(run("--check", path)).toBe(`${promptTable(readRecord(path)).join("\n")}\n`)
  const [own, terse] = readRecord(path).rows
  expect(own!.questions.map(({ id, steps, wellFormed }) => [id, steps, wellFormed])).toEqual(
    [0, 1, 2, 3].map((row) => [`train/${row}`, 1, 1]),
  )
  expect(terse).toMatchObject({ name: "terse", prompt: { text: "Terse.\n{{question}}" } })
  expect(terse!.questions[0]).toMatchObject({
    steps: 3,
    wellFormed: 2,
    firstWellFormed: false,
    answered: true,
    outputTokens: expect.any(Number),
  })
  const shares = (line: string) => line.split(" | ").slice(1, 6)
  const lines = printed.split("\n")
  expect(shares(lines.find((line) => line.startsWith("| default"))!)).toEqual([
    "4",
    "100.0 (51.0 to 100.0)",
    "100.0 (51.0 to 100.0)",
    "0.0 (0.0 to 49.0)",
    "100.0 (51.0 to 100.0)",
  ])
  expect(shares(lines.find((line) => line.startsWith("| terse"))!).slice(0, 3)).toEqual([
    "4",
    "0.0 (0.0 to 49.0)",
    expect.stringMatching(/^66\.7/),
  ])
}, 180_000)
