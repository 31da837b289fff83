/** `swirl judge serve` as trainers meet it: a process and HTTP. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { ServedVerdictSchema } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"
import { hasEnded, until } from "@swirl-ts/test-support"
import { afterEach, beforeAll, describe, expect, test } from "vitest"
import { good, type JudgedFolder, judgedFolder, post } from "./judged-folder.ts"

let it: JudgedFolder
beforeAll(async () => {
  it = await judgedFolder()
}, 120_000)
afterEach(() => it.killAll())

describe("swirl judge serve", () => {
  test("gives the verdicts of the judge that trains, in the forms of trainers, and keeps a record of each", async () => {
    const { url, said, stop, metrics } = await it.serve()
    const file = /goes to (\S+verdicts\.jsonl)/.exec(said())![1]!
    const own = await post(`${url}/judge`, it.asking(good, "<answer>5</answer>", "neither", `${good}<|im_end|>\n`))
    expect([own.status, own.json().rewards, own.json().no_verdict]).toEqual([200, [1, 0, 0, 1], 0])
    const query = { query: [`what ?${good}</s>`], prompts: ["what ?"], labels: [it.row] }
    const openrlhf = await post(`${url}/openrlhf`, query)
    expect(openrlhf.json()).toEqual({ rewards: [1], scores: [1], extra_logs: { no_verdict: [0] } })
    const slime = await post(`${url}/slime`, { prompt: "what ?", response: good, label: it.row })
    expect(slime.text).toBe("1")
    const counted = await metrics()
    expect(counted).toContain("swirl_judge_actions_asked_total 6\n")
    expect(counted).toContain("swirl_judge_cache_hits_total 3\n")
    expect(counted).toContain("swirl_judge_verdicts_recorded_total 3\n")
    expect(counted).toContain('swirl_judge_requests_total{status="200"} 3\n')
    expect(await stop()).toBe(0)
    expect(said()).toContain(
      "4 requests, 6 actions: 4 good, 2 bad, 0 without a verdict, 0 not answered; 3 of them were known",
    )
    const records = await Array.fromAsync(readRecords(file, ServedVerdictSchema))
    expect(records.map(({ kind, verdict }) => [kind, verdict]).sort()).toEqual([
      ["answer", "bad"],
      ["malformed", "bad"],
      ["tool", "good"],
    ])
    expect(records.every(({ trajectoryId, step }) => trajectoryId === it.trajectory.id && step === 0)).toBe(true)
    const checked = await it.swirl("validate", file, "--json")
    expect(checked.json.records).toEqual({ "swirl.served-verdict/1": 3 })

    // Another process knows them.
    const again = await it.serve()
    expect((await post(`${again.url}/judge`, it.asking(good))).json().verdicts[0]).toMatchObject({ cached: true })
    await again.stop()
  }, 120_000)

  test("says that there is no verdict, to each as it can be said, and asks again", async () => {
    const { url, said, stop, metrics } = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd"])
    const turn = "<answer>unscored-0</answer>"
    const own = (await post(`${url}/judge`, it.asking(turn, "<answer>good-0</answer>"))).json()
    expect([own.rewards, own.no_verdict]).toEqual([[null, 1], 1])
    const openrlhf = await post(`${url}/openrlhf`, { query: [`q${turn}`], prompts: ["q"], labels: [it.row] })
    expect(openrlhf.text).toBe('{"rewards": null, "scores": [NaN], "extra_logs": {"no_verdict": [1]}}')
    expect((await post(`${url}/slime`, { prompt: "q", response: turn, label: it.row })).text).toBe("null")
    expect(await metrics()).toContain('actions_answered_total{verdict="unscored"} 3\n')
    await stop()
    expect(said()).toContain("4 actions: 1 good, 0 bad, 3 without a verdict")
  }, 60_000)

  test("ends well: what is being judged is answered, what comes meanwhile is told to go, and the folder is free", async () => {
    const { url, child, stop, said, metrics } = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd"])
    const slow = post(`${url}/judge`, it.asking("<answer>good-1500</answer>"))
    await until(async () => (await metrics()).includes("batches_total 1\n"))
    const code = stop()
    await until(() => said().includes("Stopping"))
    expect(hasEnded(child)).toBe(false)
    // The folder that is served is not locked by it, other commands write there.
    expect((await it.swirl("generate", "calc", "--limit", "4", "--run", "run")).code).toBe(0)
    expect((await slow).json().rewards).toEqual([1])
    expect(await code).toBe(0)
    const again = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd"])
    expect((await post(`${again.url}/judge`, it.asking("<answer>good-1500</answer>"))).json().verdicts[0].cached).toBe(
      true,
    )
    await again.stop()
  }, 90_000)

  test("turns away what is too much, and says when to come again", async () => {
    const { url, stop, metrics } = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd", "--queue", "2"])
    const large = await post(`${url}/judge`, it.asking("a", "b", "c"))
    expect([large.status, large.json().error]).toEqual([
      413,
      "The request asks for 3 actions, and 2 at once are answered. Send fewer.",
    ])
    const waiting = post(`${url}/judge`, it.asking("<answer>good-800</answer>", "<answer>bad-800</answer>"))
    await until(async () => (await metrics()).includes("actions_asked_total 2\n"))
    const busy = await post(`${url}/judge`, it.asking("<answer>good-1</answer>"))
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "1"])
    expect((await waiting).json().rewards).toEqual([1, 0])
    expect((await post(`${url}/judge`, it.asking("<answer>good-1</answer>"))).json().rewards).toEqual([1])
    await stop()
  }, 60_000)
})

describe("what cannot be served is a sentence before anything is served", () => {
  test.each([
    [["--host", "0.0.0.0"], /At 0\.0\.0\.0 others reach the judge service, so it wants a token: set SWIRL_JUDGE_TOKEN/],
    [["--token-file", "none.txt"], /The token \S+none\.txt cannot be read/],
    [["--token-file", "empty.txt"], /The token of empty\.txt cannot be used: it has to be one word/],
    [["--judge", "grunded"], /There is no judge "grunded"/],
    [["--run", "nowhere"], /nowhere holds no trajectories/],
  ])(
    "%s",
    async (args, sentence) => {
      const { code, stderr } = await it.swirl("judge", "serve", "--run", "run", "--port", "0", ...args)
      expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)])
      expect(existsSync(join(it.folder, "nowhere"))).toBe(false)
    },
    60_000,
  )

  test("a port that is taken, and a run folder that is served by the same judge", async () => {
    const { url, stop } = await it.serve()
    const taken = await it.swirl("judge", "serve", "--run", "run", "--judge", "form", "--port", new URL(url).port)
    expect([taken.code, taken.stderr]).toEqual([
      2,
      expect.stringMatching(/Port \d+ of 127\.0\.0\.1 cannot be used.*--port/),
    ])
    const twice = await it.swirl("judge", "serve", "--run", "run", "--port", "0")
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringMatching(/served\/grounded-\w+ is being written by/)])
    await stop()
  }, 60_000)
})
