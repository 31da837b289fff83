/**
 * Which wording a model takes up: asks the same training questions by several prompts and prints how well formed, answered and
 * right that is, with intervals. Each way of asking is a run folder of `swirl eval`, so run again it goes on.
 *
 *   npm run prompts -- gsm8k --model local:<model> --out runs/prompts --questions 64 --prompts examples/prompts/one-line.txt,examples/prompts/think-then-act.txt
 *   npm run prompts -- --check runs/prompts/prompts.json      the table again, from the record alone
 *
 * `--formats tags,native` and `--shots 0,2` cross with the wordings; the benchmark's own wording is always first, and
 * `--without-tools` adds it without tools: thinking aloud. What follows another `--` is for `swirl eval`.
 */
import { existsSync } from "node:fs"
import { parseArgs } from "node:util"
import { measurePrompts } from "./prompts/measure.ts"
import { readRecord } from "./prompts/record.ts"
import { promptTable } from "./prompts/table.ts"
import { variantsOf } from "./prompts/variants.ts"

const own = process.argv.slice(2)
const end = own.indexOf("--", own[0] === "--" ? 1 : 0)
const { values, positionals } = parseArgs({
  args: (end < 0 ? own : own.slice(0, end)).filter((each) => each !== "--"),
  allowPositionals: true,
  options: {
    check: { type: "string" },
    model: { type: "string" },
    out: { type: "string", default: "runs/prompts" },
    split: { type: "string", default: "train" },
    questions: { type: "string", default: "64" },
    prompts: { type: "string", default: "" },
    formats: { type: "string", default: "tags" },
    shots: { type: "string", default: "0" },
    "without-tools": { type: "boolean", default: false },
  },
})
const listOf = (text: string): string[] => text.split(",").filter((each) => each !== "")
const fail = (problem: string): never => {
  console.error(`${problem} See the first lines of scripts/prompts.ts.`)
  process.exit(2)
}

const { check, model, out, split, questions } = values
const [benchmark] = positionals
if (check !== undefined) {
  if (!existsSync(check)) fail(`There is no record ${check}.`)
  console.log(promptTable(readRecord(check)).join("\n"))
} else if (!benchmark || !model) fail("Name a benchmark and --model.")
else {
  const prompts = listOf(values.prompts)
  const missing = prompts.find((file) => !existsSync(file))
  if (missing) fail(`There is no prompt ${missing}.`)
  const shots = listOf(values.shots).map(Number)
  if (!shots.every(Number.isSafeInteger)) fail("--shots are whole numbers, such as 0,2.")
  const variants = variantsOf({
    prompts,
    formats: listOf(values.formats),
    shots,
    withoutTools: values["without-tools"],
  })
  const more = end < 0 ? [] : own.slice(end + 1)
  const record = measurePrompts({ benchmark, model, split, questions, out, more }, variants)
  console.log(promptTable(record).join("\n"))
  console.log(`\nRecord: ${out}/prompts.json`)
}
