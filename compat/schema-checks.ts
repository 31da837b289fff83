/** What holds for a tool with a schema of any library: `{ city: string, days?: integer }`, shown and checked. */
import { strict as assert } from "node:assert"
import { type GivenTool, loadToolSchema } from "@swirl-ts/core"
import { observations } from "./trajectory.ts"

export async function checkSchema(tool: GivenTool): Promise<void> {
  const shown = (await loadToolSchema("weather", tool)) as {
    type: string
    properties: Record<string, { type: string }>
    required: string[]
  }
  assert.equal(shown.type, "object")
  assert.equal(shown.properties.city?.type, "string")
  assert.equal(shown.properties.days?.type, "integer")
  assert.deepEqual(shown.required, ["city"])
  assert.equal(JSON.stringify(JSON.parse(JSON.stringify(shown))), JSON.stringify(shown))
  const inputs = [{ city: "Rome" }, { city: "Rome", days: 3 }, { days: 3 }, { city: 7 }, { city: "Rome", days: 1.5 }]
  const seen = await observations({ weather: tool }, "weather", inputs)
  assert.deepEqual(
    seen.map((observation) => observation?.isError),
    [false, false, true, true, true],
    JSON.stringify(seen),
  )
  assert.equal(seen[1]?.text, "Rome for 3")
  assert.match(String(seen[2]?.text), /^error: invalid input: .*city/s)
  assert.match(String(seen[4]?.text), /days/)
}
