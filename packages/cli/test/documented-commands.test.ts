/** Every `swirl` line of README, guides and packages' pages is one that the command takes: its name, arguments, flags and their values. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test, vi } from "vitest"
import { commands } from "../src/commands/all.ts"
import { readCommandLine } from "../src/options/command-line.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const pages = globSync(["README.md", "docs/**/*.md", "packages/*/README.md"], { cwd: root })
  .filter((page) => !/node_modules|CHANGELOG|^docs\/(api|commands|decisions|checks)/.test(page))
  .sort()

const start = /^\s*(?:\w+=\S+ )*(?:npx (?:--no -- )?|node_modules\/\.bin\/)swirl (?=[a-z])/

/**
 * As a shell takes it apart, up to what another program gets; prose behind a command stands far from it. What a shell would put in
 * is taken for two words where a command gives it, and for none where a variable does, which here holds flags.
 */
function argumentsOf(line: string): string[] {
  const own = line.replace(start, "").replace(/\$\([^)]*\)/g, "a b")
  const text = own.replace(/ "?\$\w+"?(?= |$)/g, "").split(/ {2,}| #/)[0]!
  const words = text.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  const end = words.findIndex((word) => /^(?:[|;&]|&&|\d?>.*|2>&1)$/.test(word))
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/;$/, "").replace(/['"]/g, ""))
}

function swirlLines(markdown: string): { line: number; text: string }[] {
  const lines = markdown.split("\n")
  return lines.flatMap((text, index) => {
    if (!start.test(text)) return []
    let whole = text
    for (let next = index + 1; whole.endsWith("\\"); next++) whole = `${whole.slice(0, -1)} ${lines[next]!.trim()}`
    return [{ line: index + 1, text: whole.replace(/ {2,}(?=--)/g, " ") }]
  })
}

test("every command line of the documentation is one that the command takes", async () => {
  const known = await Promise.all(Object.values(commands).map(async (load) => (await load()).command))
  const told: string[] = []
  const written = vi.spyOn(process.stderr, "write").mockImplementation((text) => told.push(String(text)) > 0)
  const problems: string[] = []
  let count = 0
  for (const page of pages) {
    for (const { line, text } of swirlLines(readFileSync(join(root, page), "utf8"))) {
      count++
      told.length = 0
      if (readCommandLine(argumentsOf(text), known) === 2) problems.push(`${page}:${line}: ${text.trim()}: ${told[0]}`)
    }
  }
  written.mockRestore()
  expect(problems).toEqual([])
  expect(count).toBeGreaterThan(100)
})
