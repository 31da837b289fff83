import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlEnvironment, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { missingLine, pageBlocks } from "./page-blocks.ts"
import { runPage, workspacePlace } from "./run-page.ts"

const docs = fileURLToPath(new URL("../../docs", import.meta.url))
const pages = globSync(
  "{tutorial,method,experiments,formats,judge-service,models,requests,scale,replay,ci,contracts/*}.md",
  {
    cwd: docs,
  },
).sort()

describe("every page of the guide does what it says, from an empty folder", () => {
  test.each(pages)(
    "%s",
    (page) => {
      const folder = temporaryFolder()
      runPage(readFileSync(join(docs, page), "utf8"), workspacePlace(folder, swirlEnvironment(folder)))
    },
    300_000,
  )
})

describe("a page that does not hold is told, with its line", () => {
  const follow = (markdown: string) => {
    const folder = temporaryFolder()
    return runPage(markdown, workspacePlace(folder, swirlEnvironment(folder)))
  }

  test("by a command that fails, or does not fail as it says", () => {
    expect(() => follow("a\n\n```sh\nfalse\ntrue\n```\n")).toThrow("line 3: exit code 1 in place of 0")
    expect(() => follow("```sh exit=2\ntrue\n```")).toThrow("exit code 0 in place of 2")
    expect(follow("```sh exit=2\nexit 2\n```")).toBe("")
  })

  test("by what is printed: lines in order, … for anything", () => {
    const files = "```json file=a/b.txt\none 1\ntwo 2\n```\n```sh\ncat a/b.txt\n```\n"
    expect(follow(`${files}\`\`\`txt\none …\ntwo 2\n\`\`\``)).toBe("one 1\ntwo 2\n")
    expect(() => follow(`${files}\`\`\`txt\ntwo 2\none 1\n\`\`\``)).toThrow('line 8: "one 1" was not printed')
    expect(missingLine("a (b)\n", "a b\n")).toBe("a (b)")
  })

  test("a folder that was entered is where the page goes on", () => {
    const page = "```sh\nmkdir inner && cd inner\n```\n```txt file=a.txt\nhere\n```\n```sh\ncd ..\ncat inner/a.txt\n```"
    expect(follow(page)).toBe("here\n")
  })

  test("by a block of no kind, and one that is not closed", () => {
    expect(() => pageBlocks("```ts\nlet a = 1\n```")).toThrow("line 1: a block in ts is neither")
    expect(() => pageBlocks("```sh\nls\n")).toThrow("line 1: the block is not closed")
  })

  test("runs TypeScript and the command from an empty folder", () => {
    const page =
      "```ts\n// file: a.ts\nimport { contentHash } from '@swirl-ts/core'\nconsole.log(contentHash('a').length > 3)\n```\n```sh\nnode a.ts\nnpx swirl --version\nnpm install x\n```\n```txt\ntrue\n0.…\n```"
    expect(follow(page)).toMatch(/^true\n/)
  })
})
