/** Every kind of package, made as people get it and seen at work. One compiler run and one test run for all of them. */
import { execFile } from "node:child_process"
import { symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"
import { createPlugin } from "./create.ts"
import { kindNames, kinds } from "./kinds.ts"

const workspace = fileURLToPath(new URL("../../../", import.meta.url))
const folder = temporaryFolder()

beforeAll(async () => {
  // What npm would install is what stands in the workspace.
  symlinkSync(join(workspace, "node_modules"), join(folder, "node_modules"), "junction")
  for (const kind of kindNames) await createPlugin({ name: `@me/my-${kind}`, kind, directory: folder })
})

function run(...args: string[]): Promise<{ code: number; output: string }> {
  const environment: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: "--conditions=@swirl-ts/source" }
  delete environment.NODE_TEST_CONTEXT
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env: environment, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` }),
    )
  })
}

test("its types hold under its own tsconfig", { timeout: 120_000 }, async () => {
  const compilerOptions = { noEmit: true, customConditions: ["@swirl-ts/source"], rootDir: "/" }
  const config = {
    extends: "./my-tool/tsconfig.json",
    compilerOptions,
    include: kindNames.map((kind) => `my-${kind}/src`),
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
  expect(await run("node_modules/typescript/bin/tsc", "-p", ".")).toEqual({ code: 0, output: "" })
})

test.each(kindNames)("%s: its own test passes, by the runner of Node", { timeout: 120_000 }, async (kind) => {
  const { code, output } = await run("--test", "--test-reporter=tap", `my-${kind}/src/**/*.test.ts`)
  expect(output).toMatch(/^# pass [1-9]/m)
  expect(output).toMatch(/^# fail 0$/m)
  expect(code).toBe(0)
})

test("what it offers is loaded from its sources, under its own name and version", async () => {
  const plugins = kindNames.flatMap((kind) => ["--plugin", `./my-${kind}/src/index.ts`])
  const { json } = await swirlIn(folder)("list", "--json", ...plugins)
  const own = json.entries.filter(({ fullName }: { fullName: string }) => fullName.startsWith("my-"))
  expect(own.map(({ fullName, version }: Record<string, string>) => `${fullName} ${version}`).sort()).toEqual(
    [
      "my-action-format/json-lines",
      "my-algorithm/reinforce",
      "my-benchmark/word-problems",
      "my-engine/table",
      "my-engine/table",
      "my-filter/concise",
      "my-judge/seen",
      "my-model/markov",
      "my-tool/convert",
    ].map((name) => `${name} 0.1.0`),
  )
})

// That what is offered is listed was seen above.
const shownAtWork = kindNames.filter((kind) => !kinds[kind].attempt.startsWith("list "))

test.each(shownAtWork)("%s: the command that its maker is told runs", { timeout: 60_000 }, async (kind) => {
  const words = [...kinds[kind].attempt.replace("PLUGIN", "--plugin ./src/index.ts").matchAll(/'([^']*)'|(\S+)/g)]
  const { code, stderr } = await swirlIn(join(folder, `my-${kind}`))(
    ...words.map(([, quoted, plain]) => quoted ?? plain!),
  )
  expect(stderr).not.toMatch(/could not/)
  expect(code).toBe(0)
})

test.each(kindNames)("%s: swirl check has nothing against it", { timeout: 60_000 }, async (kind) => {
  const { code, json } = await swirlIn(join(folder, `my-${kind}`))("check", "./src/index.ts", "--json")
  expect(json.results.filter(({ status }: { status: string }) => status === "failed")).toEqual([])
  expect(code).toBe(0)
})
