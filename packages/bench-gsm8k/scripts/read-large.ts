/**
 * Prints questions of `gsm-large` beside those that they are made from, evenly spread over a split, for people to read:
 *   node --conditions=@swirl-ts/source packages/bench-gsm8k/scripts/read-large.ts FILE [COUNT] [SEED]
 * FILE is one of GSM8K's, in JSON lines.
 */
import { recordsOf } from "@swirl-ts/bench-kit"
import { enlarge } from "../src/large/enlarge.ts"
import { readRecord } from "../src/record.ts"

const [file, count = "30", seed = "0"] = process.argv.slice(2)
if (file === undefined) throw new Error("Name one of GSM8K's files.")
const made: string[] = []
let row = 0
for await (const { record } of recordsOf({ form: "GSM8K's JSON lines" }, [file], readRecord)) {
  const large = enlarge(record, Number(seed))
  if (typeof large !== "string")
    made.push(`row ${row}\n${record.question}\n\n${large.record.question}\n\n${large.record.answer}`)
  row++
}
for (let place = 0; place < Number(count); place++) {
  console.log(`${made[Math.floor(((place + 0.5) * made.length) / Number(count))]}\n\n---\n`)
}
