import { join } from "node:path"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { dataPathOf } from "./context.ts"

test("a benchmark's own path wins, by either name; of a folder for all its sub-folder is taken where there is one", () => {
  const host = testHost({ workingDirectory: temporaryFolder({ "data/gsm8k/test.jsonl": "" }) })
  const of = (dataPaths: Record<string, string>, name: string) => dataPathOf({ host, dataPaths }, name)
  expect(of({ gsm8k: "a", "": "data" }, "bench-gsm8k/gsm8k")).toBe("a")
  expect(of({ "bench-gsm8k/gsm8k": "b", gsm8k: "a" }, "bench-gsm8k/gsm8k")).toBe("b")
  expect(of({ "": "data" }, "bench-gsm8k/gsm8k")).toBe(join("data", "gsm8k"))
  expect(of({ "": "data" }, "bench-musique/musique")).toBe("data")
  expect(of({ gsm8k: "a" }, "bench-musique/musique")).toBeUndefined()
  expect(dataPathOf({ host }, "bench-musique/musique")).toBeUndefined()
})
