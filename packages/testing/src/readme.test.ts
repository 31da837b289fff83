/** The examples of README and page run as they stand: by Node's own test runner, and by Vitest. */
import { execFile } from "node:child_process"
import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { sourceFlags, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { readmeFiles } from "../test/readme.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
/** Packages of the workspace have no build here; a stranger's need no config. */
const fromSource = `const conditions = ["@swirl-ts/source"]
export default { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } }, test: { pool: "forks" } }`
const folder = temporaryFolder({
  ...readmeFiles,
  "package.json": { type: "module" },
  "vitest.config.mjs": fromSource,
})
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
const names = Object.keys(readmeFiles)

/** As a stranger starts it: nothing of this Vitest's. */
function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const { VITEST: _, NODE_OPTIONS: __, ...env } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })
}

describe("the examples of README and page", () => {
  test("show every contract", () => {
    const shown = Object.values(readmeFiles).join("\n")
    for (const name of [
      "testTool",
      "testBenchmark",
      "testJudge",
      "testOracle",
      "testOutcomeJudge",
      "testFilter",
      "testActionFormat",
      "testModel",
      "testRetriever",
      "testEmbedder",
      "testAlgorithm",
      "testEngine",
      "testJobEngine",
      "testPlugin",
      "runChecks",
    ]) {
      expect(shown, name).toContain(`${name}(`)
    }
  })

  test("pass under node --test", async () => {
    const tests = names.filter((name) => name.endsWith(".test.ts"))
    const { code, output } = await run([...sourceFlags, "--test", ...tests])
    expect(output).toMatch(/^ℹ fail 0$/m)
    expect(Number(/^ℹ pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(80)
    expect(code).toBe(0)
  }, 180_000)

  test("pass under Vitest", async () => {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
    const { code, output } = await run([...sourceFlags, vitest, "run", "tool.test.ts", "filter.test.ts"])
    expect(output).toMatch(/Tests .*\d+ passed/)
    expect(output).not.toContain("failed")
    expect(code).toBe(0)
  }, 180_000)

  test("say without a test runner what holds", async () => {
    const { code, output } = await run([...sourceFlags, "check.ts"])
    expect(output).toContain("ok answers the same input alike")
    expect(code).toBe(0)
  }, 180_000)
})
