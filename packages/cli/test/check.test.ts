import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"

/** A plugin without imports, so that a folder anywhere can hold it. */
const plugin = (contributions: string): string => `
  export default {
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    ${contributions},
    [Symbol.for("swirl-ts.plugin")]: true,
  }`
const inputSchema = `{
  "~standard": {
    version: 1,
    vendor: "own",
    validate: (value) => typeof value?.text === "string" ? { value } : { issues: [{ message: "text is missing" }] },
    jsonSchema: { input: () => ({ type: "object", properties: { text: { type: "string" } }, required: ["text"] }) },
  },
}`
const tool = (name: string, execute: string): string =>
  `${name}: { description: "Says ${name}.", inputSchema: ${inputSchema}, execute: ${execute} }`

const folder = temporaryFolder({
  "sound.mjs": plugin(`tools: { ${tool("shout", "({ text }) => text.toUpperCase()")} }`),
  "broken.mjs": plugin(`tools: { ${tool("dice", "() => String(Math.random())")} }`),
  "wild.mjs": plugin(
    `tools: { ${tool("loop", "() => { for (;;) ; }")}, ${tool("leave", "() => { console.log('bye'); process.exit(0) }")} }`,
  ),
  "late.mjs": plugin(
    `tools: { ${tool("reject", "() => { setTimeout(() => Promise.reject(new Error('late')), 100); return 'fine' }")} }`,
  ),
  "throw.mjs": plugin(
    `tools: { ${tool("throw", "() => { setTimeout(() => { throw new Error('later') }, 1); return 'fine' }")} }`,
  ),
  "stuck.mjs": `await new Promise(() => {})\n${plugin("tools: {}")}`,
  "no-plugin.mjs": "export default 7",
  "quiz.mjs": plugin(`benchmarks: { quiz: {
    description: "A quiz.", splits: ["test"], tools: [], primaryMetric: "accuracy",
    limits: { toolCalls: 1, steps: 2, stepTokens: 8, trajectoryTokens: 64 },
    async *load(split, { dataPath }) {
      if (!dataPath) throw Object.assign(new Error("Give the quiz with --data PATH."), { [Symbol.for("swirl-ts.error")]: true, kind: "usage" })
      yield { id: "test/0", question: "1 + 1?", answer: dataPath.endsWith("two.txt") ? "2" : "3" }
    },
    prompt: ({ question }) => [{ role: "user", content: [{ type: "text", text: question }] }],
    score: (task, answer) => ({ accuracy: answer === "2" ? 1 : 0 }),
  } }`),
})
const swirl = swirlIn(folder)
const statuses = (json: { results: { of: string; name: string; status: string }[] }, status: string) =>
  json.results.filter((each) => each.status === status).map(({ of, name }) => `${of}: ${name}`)

describe("swirl check", () => {
  it.each([
    ["late.mjs", "left a rejected promise behind: late ("],
    ["throw.mjs", "threw where nothing catches it: later ("],
  ])(
    "fails a tool whose code breaks out after it has answered: %s",
    async (file, said) => {
      const { code, json } = await swirl("check", `./${file}`, "--json")
      expect(code).toBe(1)
      const reasons = json.results.flatMap(({ reason }: { reason?: string }) => reason ?? [])
      expect(reasons.join("\n")).toContain(said)
      expect(reasons.join("\n")).toContain("It would end every command")
    },
    60_000,
  )

  it("says at once that a module waits for what never comes", async () => {
    const started = performance.now()
    const { code, stderr } = await swirl("check", "./stuck.mjs")
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("The plugin ./stuck.mjs could not be loaded: it waits for something that never comes"),
    ])
    expect(performance.now() - started).toBeLessThan(45_000)
  }, 60_000)

  it("finds nothing wrong with a sound plugin, and says what it looked at", async () => {
    const { code, json } = await swirl("check", "./sound.mjs", "--json")
    expect(code).toBe(0)
    expect(json).toMatchObject({ plugin: { name: "own", version: "1.0.0" }, failed: 0 })
    expect(json.ok).toBeGreaterThan(8)
    expect(statuses(json, "ok")).toContain("shout: refuses an input that its schema does not allow")
    const { stdout } = await swirl("check", "./sound.mjs")
    expect(stdout).toMatch(/^tool shout\n {2}ok +is a tool that can be loaded$/m)
  })

  it("ends with 1 where a check fails, says which and why, and leaves out what is to be skipped", async () => {
    const failing = await swirl("check", "./broken.mjs", "--json")
    expect(failing.code).toBe(1)
    expect(statuses(failing.json, "failed")).toEqual(["dice: answers the same input alike"])
    expect(failing.json.results.find((each: { status: string }) => each.status === "failed").reason).toMatch(
      /^The tool dice: it answered \{"text":"text"\} with .* and then with .*Seed what is random/,
    )
    const skipping = await swirl("check", "./broken.mjs", "--json", "--skip", "answers the same input alike")
    expect([skipping.code, skipping.json.failed]).toEqual([0, 0])
    const typo = await swirl("check", "./broken.mjs", "--skip", "answers the same inputs alike")
    expect([typo.code, typo.stderr]).toEqual([
      2,
      expect.stringContaining('Did you mean "answers the same input alike"?'),
    ])
  })

  it("goes on with the other checks where one never lets go or ends the process", async () => {
    const { code, json, stderr } = await swirl("check", "./wild.mjs", "--json", "--timeout", "1")
    expect(code).toBe(1)
    expect(stderr).toContain("bye")
    const reason = (of: string, name: string) =>
      json.results.find((each: { of: string; name: string }) => each.of === of && each.name === name).reason
    expect(reason("loop", "answers what its schema allows")).toMatch(/went on for more than .* let nothing else run/)
    expect(reason("leave", "answers what its schema allows")).toMatch(/ended the process \(exit code 0\)/)
    expect(statuses(json, "ok")).toContain("leave: refuses an input that its schema does not allow")
  }, 120_000)

  it("skips what it lacks data for, and takes data by --data", async () => {
    const without = await swirl("check", "./quiz.mjs", "--json")
    expect(without.code).toBe(0)
    expect(without.json.results.find((each: { name: string }) => each.name === "loads every split")).toMatchObject({
      status: "skipped",
      reason: "Give the quiz with --data PATH.",
    })
    const right = await swirl("check", "./quiz.mjs", "--json", "--data", "quiz=two.txt")
    expect(statuses(right.json, "failed")).toEqual([])
    expect(statuses(right.json, "ok")).toContain("quiz: scores the gold answer 1")
    const wrong = await swirl("check", "./quiz.mjs", "--json", "--data", "three.txt")
    expect([wrong.code, statuses(wrong.json, "failed")]).toEqual([1, ["quiz: scores the gold answer 1"]])
  })

  it("says in a sentence what is no plugin, and ends with 2", async () => {
    for (const [name, sentence] of [
      ["./no-plugin.mjs", /^\.\/no-plugin\.mjs is not a usable plugin: it is not the result of definePlugin/m],
      ["./nowhere.mjs", /^The plugin \.\/nowhere\.mjs could not be loaded: there is no such file\.$/m],
    ] as const) {
      const { code, stderr, stdout } = await swirl("check", name)
      expect([code, stdout]).toEqual([2, ""])
      expect(stderr).toMatch(sentence)
    }
  })
})
