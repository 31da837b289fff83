import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Trajectory } from "@swirl-ts/core"
import { answerWith, apiServer, chatCompletion, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { afterEach, expect, test } from "vitest"

const servers: { close(): Promise<void> }[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

/** Its answers differ from one request to the next. */
async function countingServer() {
  let count = 0
  const server = await apiServer((request, response) =>
    answerWith(200, chatCompletion({ content: `<answer>${++count}</answer>` }))(request, response),
  )
  servers.push(server)
  return server
}

test("--cache answers what was asked before, over runs; tokens of before are not counted as spent; cache lists and prunes", async () => {
  const folder = temporaryFolder()
  const swirl = swirlIn(folder)
  const { baseUrl, requests } = await countingServer()
  const evaluate = (run: string, ...more: string[]) =>
    swirl("eval", "calc", "--limit", "4", "--model", "openai:m", "--base-url", baseUrl, "--run", run, "--json", ...more)
  const trajectories = (run: string, of: { policy: string }) =>
    readFileSync(join(folder, run, "eval", of.policy, "bench-sandbox-calc.trajectories.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Trajectory)
      .sort((a, b) => (a.taskId < b.taskId ? -1 : 1))

  const first = await evaluate("runs/a", "--cache")
  expect(first.code).toBe(0)
  expect(requests).toHaveLength(4)
  expect(first.stderr).toContain("Responses: 0 from the cache, 4 asked for, 4 kept for later")
  const [spent] = first.json.cells
  expect(spent.cached).toBeUndefined()

  const second = await evaluate("runs/b", "--cache")
  expect(requests).toHaveLength(4)
  expect(second.stderr).toContain("Responses: 4 from the cache, 0 asked for")
  expect(second.json.cells[0]).toMatchObject({ cached: 4, accuracy: spent.accuracy, n: 4 })
  for (const [index, { usage, steps }] of trajectories("runs/b", spent).entries()) {
    const before = trajectories("runs/a", spent)[index]!
    expect(steps).toEqual(before.steps)
    expect(before.usage).toEqual({ inputTokens: 31, outputTokens: 7 })
    expect(usage).toEqual({
      inputTokens: 0,
      outputTokens: 0,
      cached: { responses: 1, inputTokens: 31, outputTokens: 7 },
    })
  }

  const [more] = (await evaluate("runs/c", "--cache", "--epochs", "2")).json.cells
  expect([requests.length, more.cached, more.n]).toEqual([8, 4, 8])

  const listed = (await swirl("cache", "list", "--json")).json
  expect(listed.models).toMatchObject([{ model: "openai:m", answers: 8, servers: [baseUrl] }])
  expect((await swirl("cache", "list")).stdout).toContain("openai:m")
  expect((await swirl("cache", "prune", "--older-than", "1d", "--json")).json).toMatchObject({ deleted: 0, left: 8 })
  expect((await swirl("cache", "prune", "--max-size", "0", "--json")).json).toMatchObject({ deleted: 8, left: 0 })
  expect((await swirl("cache", "list")).stdout).toMatch(/^Nothing is kept in .*responses/)
}, 300_000)

test("a wrong use of cache is said", async () => {
  const swirl = swirlIn(temporaryFolder())
  const bare = await swirl("cache", "prune")
  expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining("--older-than <time>, --max-size <size>")])
  expect((await swirl("cache", "clear")).stderr).toContain('There is no action "clear"')
  expect((await swirl("cache", "prune", "--older-than", "soon")).stderr).toContain("It has to be a time, such as 45m")
  expect((await swirl("cache", "prune", "--max-size", "much")).stderr).toContain("It has to be a size, such as 500MB")
  expect((await swirl("cache", "list", "--max-size", "0")).code).toBe(2)
}, 300_000)

test("no key and no address with a password gets into the cache", async () => {
  const folder = temporaryFolder()
  const { baseUrl } = await countingServer()
  const secret = "sk-very-secret"
  const swirl = swirlIn(folder, { OPENAI_API_KEY: secret, SWIRL_API_KEY: secret })
  const withPassword = baseUrl.replace("http://", "http://user:hunter2@")
  await swirl("eval", "calc", "--limit", "1", "--model", "openai:m", "--base-url", withPassword, "--cache")
  const { models, folder: at } = (await swirl("cache", "list", "--json")).json
  expect(models).toHaveLength(1)
  for (const entry of readdirSync(at, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      expect(readFileSync(join(entry.parentPath, entry.name), "utf8")).not.toMatch(/sk-very-secret|hunter2/)
})
