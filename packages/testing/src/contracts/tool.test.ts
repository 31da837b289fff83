/** A tool that hears no signal is told as that, and keeps no process. */
import { expect, test } from "vitest"
import { underNode } from "../../test/under-node.ts"

test.each([[[]], [["--test"]]])(
  "a call that hangs does not keep a process of node:test (%j)",
  async (flags) => {
    const ended = await underNode(
      "testTool",
      `const inputSchema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] }
const execute = ({ text }, { abortSignal }) => (abortSignal ? new Promise((resolve) => setTimeout(resolve, 1e9)) : text)
testTool({ description: "hangs", inputSchema, execute })
`,
      flags,
    )
    expect(ended).toMatchObject({ code: 1, killed: false })
    expect(ended.stdout).toContain("it went on for more than 1 s after its signal was aborted")
  },
  30_000,
)
