import { execFile } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { fileURLToPath } from "node:url"
import { sourceFlags, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { kindNames } from "./kinds.ts"
import { settle } from "./questions.ts"

const command = fileURLToPath(new URL("../bin/create-plugin.mjs", import.meta.url))

function createIn(folder: string, args: readonly string[], userAgent = "npm/11.0.0 node/v24.0.0 linux x64") {
  const options = { cwd: folder, env: { ...process.env, npm_config_user_agent: userAgent } }
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...sourceFlags, command, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ).stdin?.end()
  })
}

test("makes a package and says what to type next, in the words of the package manager", async () => {
  const folder = temporaryFolder()
  const made = await createIn(folder, ["@me/units", "--kind", "tool"], "pnpm/10.2.0 npm/? node/v24.1.0 linux x64")
  expect(made).toMatchObject({ code: 0, stderr: "" })
  expect(made.stdout).toContain("  cd units\n  pnpm install\n  pnpm test\n  pnpm exec swirl tool convert")
  expect(JSON.parse(readFileSync(join(folder, "units/package.json"), "utf8")).name).toBe("@me/units")
})

test("--help names every kind", async () => {
  const { code, stdout } = await createIn(temporaryFolder(), ["--help"])
  expect(code).toBe(0)
  for (const kind of kindNames) expect(stdout).toMatch(new RegExp(`^  ${kind} `, "m"))
})

describe("wrong usage is a sentence, exit code 2, and nothing is made:", () => {
  test.each([
    [["My Tool", "--kind", "tool"], 'npm takes no package named "My Tool"'],
    [["x", "--kind", "tol"], 'There is no kind "tol". Did you mean "tool"?'],
    [["x", "--kind", "toString"], 'There is no kind "toString".'],
    [["x", "--kind"], "--kind needs a kind: tool, benchmark"],
    [["x", "--kid", "tool"], 'There is no option --kid. Did you mean "--kind"?'],
    [["x", "y", "--kind", "tool"], "One name is enough: x."],
    [["x", "tool"], "-- --kind tool"],
    [["x"], "Give --kind: tool, benchmark"],
    [["--kind", "tool"], "Give the package's name"],
  ])("%j", async (args, sentence) => {
    const folder = temporaryFolder()
    const { code, stdout, stderr } = await createIn(folder, args)
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split("\n")).toHaveLength(1)
    expect([code, stdout]).toEqual([2, ""])
    expect(readdirSync(folder)).toEqual([])
  })
})

describe("on a terminal", () => {
  /** Types one line after each question. */
  function terminal(...answers: string[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true })
    const output = new PassThrough()
    let shown = ""
    output.on("data", (chunk: Buffer) => {
      shown += chunk
      if (!/: $/.test(String(chunk))) return
      const answer = answers.shift()
      if (answer === undefined) input.end()
      else input.write(`${answer}\n`)
    })
    return { input, output, shown: () => shown }
  }

  test("what is missing is asked for, again where the answer will not do", async () => {
    const { shown, ...streams } = terminal("My Tool", "my-tool", "tol", "8")
    expect(await settle({ help: false }, streams)).toEqual({ name: "my-tool", kind: "action-format" })
    expect(shown()).toContain("How about my-tool?")
    expect(shown()).toContain('Did you mean "tool"?')
  })

  test("only what is missing", async () => {
    const { shown, ...streams } = terminal("judge")
    expect(await settle({ name: "x", help: false }, streams)).toEqual({ name: "x", kind: "judge" })
    expect(shown()).not.toContain("Name of the package")
  })

  test("who goes away gets nothing made", async () => {
    await expect(settle({ help: false }, terminal("x"))).rejects.toThrow("Nothing was made.")
  })
})

test("the package has all that a kind needs: a folder in templates", () => {
  const templates = fileURLToPath(new URL("../templates/", import.meta.url))
  expect(readdirSync(templates).sort()).toEqual([...kindNames, "common"].sort())
  for (const kind of kindNames) expect(existsSync(join(templates, kind, "src/plugin.ts")), kind).toBe(true)
})
