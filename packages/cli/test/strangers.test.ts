/** Code of others that hangs, ends the process, breaks out of it or prints: each is said by name, and never by Node. */
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const directory = temporaryFolder()
const swirl = swirlIn(directory)
const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text)
await mkdir(join(directory, "node_modules"))
const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
await symlink(packages, join(directory, "node_modules", "@swirl-ts"))

/** A plugin named `own` with a tool `ask`, around statements of the module and fields of its own. */
const plugin = ({ module = "", factory = "", execute = "return 'fine'", fields = "" }): string => `
import { definePlugin } from "@swirl-ts/core"
${module}
export default async () => {
  ${factory}
  return definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    tools: { ask: {
      description: "answers",
      inputSchema: { "~standard": { version: 1, vendor: "by-hand", validate: (value) => ({ value }) } },
      tag: { name: "ask", argument: "text" },
      async execute({ text }, { abortSignal }) { ${execute} },
    } },
    ${fields}
  })
}
`

test.each([
  [
    "a factory that never resolves",
    { factory: "await new Promise(() => {})" },
    2,
    "The plugin ./own.mjs could not be loaded: it waits for something that never comes, such as a promise that nothing settles.",
  ],
  [
    "an import that hangs",
    { module: "await new Promise(() => {})" },
    2,
    "The plugin ./own.mjs could not be loaded: it waits for something that never comes",
  ],
  [
    "a factory that ends the process",
    { factory: "process.exit(0)" },
    1,
    "The factory of the plugin ./own.mjs called process.exit(0), which would have ended the command.",
  ],
  [
    "an import that ends the process",
    { module: "process.exit()" },
    1,
    "The import of the plugin ./own.mjs called process.exit()",
  ],
  [
    "a factory that breaks out later, while the next thing is loaded",
    { factory: "setTimeout(() => { throw new Error('late') }, 1); await new Promise((r) => setTimeout(r, 3000))" },
    1,
    "The factory of the plugin ./own.mjs threw where nothing catches it: late (own.mjs, line 5).",
  ],
])(
  "%s is said by the plugin's name",
  async (_what, parts, exitCode, said) => {
    await write("own.mjs", plugin(parts))
    const { code, stdout, stderr } = await swirl("list", "tools", "--plugin", "./own.mjs", "--json")
    expect([code, stdout, stderr]).toEqual([exitCode, "", expect.stringContaining(said)])
    expect(stderr).not.toContain("unsettled top-level await")
  },
  30_000,
)

test("a config whose import hangs is said by its path", async () => {
  await write("hangs.config.mjs", "await new Promise(() => {})\nexport default { plugins: [] }")
  const { code, stderr } = await swirl("list", "--config", "hangs.config.mjs")
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/The config .*hangs\.config\.mjs could not be loaded: it waits/),
  ])
}, 30_000)

test("a tool that breaks out, and then gives a result all the same, gives none", async () => {
  const late =
    "setTimeout(() => { throw new Error('late') }, 20); await new Promise((r) => setTimeout(r, 500)); return 'fine'"
  await write("own.mjs", plugin({ execute: late }))
  const { code, stdout, stderr } = await swirl("tool", "ask", "hm", "--plugin", "./own.mjs", "--json")
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toContain("The tool own/ask threw where nothing catches it: late (own.mjs, line ")
}, 30_000)

test("a command that waits for what never comes says so, and for whom", async () => {
  await write(
    "own.mjs",
    plugin({ fields: "models: { stuck: { description: '', open: () => new Promise(() => {}) } }," }),
  )
  const { code, stdout, stderr } = await swirl(
    "generate",
    "calc",
    "--model",
    "stuck:any",
    "--plugin",
    "./own.mjs",
    "--json",
  )
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toContain(
    "The command waits for something that never comes, such as a promise that nothing settles. At work: open of the model own/stuck.",
  )
}, 30_000)

test("what a plugin prints goes to standard error, and is disposed at the end whatever comes of it", async () => {
  const loud = {
    module: "console.log('imported')",
    factory: "process.stdout.write('made\\n')",
    execute: "console.log('called'); if (text === 'bad') throw new Error('no'); return 'fine'",
    fields: "async dispose() { console.log('disposed'); throw new Error('stuck door') },",
  }
  await write("own.mjs", plugin(loud))
  for (const [text, exitCode] of [
    ["good", 0],
    ["bad", 1],
  ] as const) {
    const { code, json, stderr } = await swirl("tool", "ask", text, "--plugin", "./own.mjs", "--json")
    expect([code, json.isError]).toEqual([exitCode, text === "bad"])
    expect(stderr).toBe("imported\nmade\ncalled\ndisposed\nThe plugin own could not be disposed: stuck door\n")
  }
}, 30_000)

test.each([
  ["throws", "throw new Error('stuck door')", "stuck door"],
  ["hangs", "return new Promise((resolve) => setTimeout(resolve, 1e9))", "it did not end within 5 s"],
])(
  "a model whose close %s costs nothing of what was evaluated",
  async (_how, close, said) => {
    const turn = `{ content: [{ type: "text", text: "<answer>1</answer>" }], finishReason: "stop", usage: {} }`
    const model = `{ specificationVersion: "v3", provider: "own", modelId: "one", doGenerate: async () => (${turn}) }`
    const open = `open: async () => ({ identity: "one", model: ${model}, close() { ${close} } })`
    await write("own.mjs", plugin({ fields: `models: { one: { description: "says 1", ${open} } },` }))
    const run = temporaryFolder()
    const { code, json, stderr } = await swirl(
      ...["eval", "calc", "--model", "one:any", "--limit", "2", "--run", run, "--plugin", "./own.mjs", "--json"],
    )
    expect([code, json.cells[0]]).toEqual([0, expect.objectContaining({ n: 2, samples: 2 })])
    expect(stderr).toContain(`The model one:any could not be closed: ${said}`)
  },
  30_000,
)
