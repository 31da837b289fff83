/** What a served model's own rules come to on the command line: its temperature, its quota, its failures. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { answerWith, apiServer, chatCompletion, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"

const fine = answerWith(200, chatCompletion({ content: "<answer>18</answer>" }))

async function evaluated(server: Awaited<ReturnType<typeof apiServer>>, folder: string, ...more: string[]) {
  const swirl = swirlIn(folder, { OPENAI_API_KEY: "sk-1" })
  const finished = await swirl(
    ...["eval", "calc", "--limit", "2", "--model", "openai:m", "--base-url", server.baseUrl, "--json", ...more],
    ...["--run", "run"],
  )
  return {
    finished,
    run: join(folder, "run"),
    temperatures: server.requests.map(({ body }) => (body as Record<string, unknown>).temperature),
  }
}

describe("a model that takes no temperature but its own", () => {
  const particular = () =>
    apiServer((request, response) => {
      const words = { error: { message: "Unsupported value: 'temperature' does not support 0.", param: "temperature" } }
      const isFine = request.body.temperature === undefined
      return (isFine ? fine : answerWith(400, words))(request as never, response)
    })

  it("is evaluated without one where none was asked for, which is said and recorded", async () => {
    const { finished, run } = await evaluated(await particular(), await temporaryFolder())
    expect(finished).toMatchObject({ code: 0, stderr: expect.stringContaining("no greedy decoding") })
    expect(finished.json.cells).toMatchObject([{ n: 2, errors: 0 }])
    const samples = await readFile(finished.json.cells[0].file, "utf8")
    expect(JSON.parse(samples.split("\n")[0]!)).toMatchObject({ temperature: "none", status: "scored" })
    const [policy] = await readdir(join(run, "eval"))
    expect(await readdir(join(run, "eval", policy!))).toContain("bench-sandbox-calc-none.jsonl")
  })

  it("is sent none with --temperature none", async () => {
    const { finished, temperatures } = await evaluated(
      await particular(),
      await temporaryFolder(),
      "--temperature",
      "none",
    )
    expect(finished).toMatchObject({ code: 0, stderr: expect.not.stringContaining("greedy") })
    expect(temperatures).toEqual([undefined, undefined])
  })

  it("is a usage error at once where one was asked for", async () => {
    const { finished, temperatures } = await evaluated(
      await particular(),
      await temporaryFolder(),
      "--temperature",
      "0",
      "--concurrency",
      "1",
    )
    expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining("--temperature none") })
    expect(temperatures).toEqual([0])
  })
})

it("a quota that is used up ends the run with a sentence, and the same command goes on", async () => {
  const words = {
    error: { message: "You exceeded your current quota.", type: "insufficient_quota", code: "insufficient_quota" },
  }
  const server = await apiServer(fine, answerWith(429, words), fine)
  const folder = await temporaryFolder()
  const { finished } = await evaluated(server, folder, "--concurrency", "1")
  expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining("the quota of this key is used up") })
  expect(server.requests).toHaveLength(2)
  const { finished: again } = await evaluated(server, folder)
  expect(again).toMatchObject({ code: 0, json: { cells: [{ n: 2, errors: 0 }] } })
  expect(server.requests).toHaveLength(3)
})
