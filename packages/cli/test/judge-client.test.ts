/** The Python file of `swirl judge client`, by a real Python. */
import { execFile } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ended, until } from "@swirl-ts/test-support"
import { afterEach, beforeAll, describe, expect, test } from "vitest"
import { type JudgedFolder, judgedFolder, secret } from "./judged-folder.ts"

let it: JudgedFolder
beforeAll(async () => {
  it = await judgedFolder()
}, 120_000)
afterEach(() => it.killAll())

describe("the Python file", () => {
  const python = (script: string, environment: Record<string, string>) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...environment }
      execFile("python3", ["-c", script], { cwd: it.folder, env }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
      )
    })

  test("asks in the forms of TRL, verl, OpenRLHF and slime; None is no verdict, and a refusal its sentence", async () => {
    const { stdout } = await it.swirl("judge", "client")
    await writeFile(join(it.folder, "swirl_judge.py"), stdout)
    const { url, stop } = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd", "--token-file", "token.txt"])
    const environment = {
      SWIRL_JUDGE_URL: url,
      SWIRL_JUDGE_TOKEN_FILE: "token.txt",
      ROW: it.row,
      SWIRL_JUDGE_PATIENCE: "2",
    }
    const script = `
import asyncio, json, math, os, sys, types
import swirl_judge as judge
row, turn = os.environ["ROW"], "<answer>%s-0</answer>"
good, bad, none = turn % "good", turn % "bad", turn % "unscored"
told = {}
trl = judge.make_trl_reward(eos_token_ids=[2])
out = {
  "trl": trl(prompts=["p"] * 4, completions=[good, [{"role": "assistant", "content": bad}], none, good],
             completion_ids=[[1, 2], [1, 2], [1, 2], [1, 1]], row_id=[row] * 4, log_metric=told.__setitem__),
  "told": told,
  "many": judge.trl_reward(completions=[good] * 600, row_id=[row] * 600) == [1] * 600,
  "verl": asyncio.run(judge.compute_score("s", good, "", {"row_id": row})),
  "nan": math.isnan(asyncio.run(judge.compute_score("s", none, row, None, no_verdict="nan"))["score"]),
  "openrlhf": judge.reward_func(["p" + bad], ["p"], [row]),
  "slime": asyncio.run(judge.slime_reward(None, type("Sample", (), {"label": row, "response": none, "status": "completed"})())),
}
sys.modules["trl"] = types.SimpleNamespace(__version__="1.6.0")
out["new"] = judge.trl_reward(completions=[good, none], row_id=[row] * 2)
sys.modules["trl"] = types.SimpleNamespace(__version__="1.5.0")
out["known"] = judge.trl_reward(completions=[good], row_id=[row])
for name, ask in {
  "old": lambda: judge.trl_reward(completions=[good, none], row_id=[row] * 2),
  "stop": lambda: asyncio.run(judge.compute_score("s", none, row, None)),
  "unknown": lambda: judge.trl_reward(completions=[good], row_id=["nothing/0"]),
  "unnamed": lambda: judge.trl_reward(completions=[good]),
  "away": lambda: judge.ask([{"row_id": row, "completion": good}], "http://127.0.0.1:9"),
}.items():
  try: ask()
  except judge.JudgeError as error: out[name] = str(error)
print(json.dumps(out))`
    const { out, err, code } = await python(script, environment)
    expect([code, err]).toEqual([0, ""])
    expect(JSON.parse(out)).toEqual({
      trl: [1, 0, null, 0],
      told: { no_verdict: 0.25 },
      many: true,
      verl: { score: 1, no_verdict: 0 },
      nan: true,
      openrlhf: { rewards: [0], scores: [0], extra_logs: { no_verdict: [0] } },
      slime: null,
      new: [1, null],
      known: [1],
      old: "An action has no verdict, and TRL 1.5.0 would count that as 0. Install TRL 1.6 or newer.",
      stop: `No verdict on an action at ${it.row}: as asked`,
      unknown: expect.stringMatching(/answered 422: "nothing\/0" names no state of/),
      unnamed: "1 actions name no state: the data set needs the column row_id.",
      away: expect.stringMatching(/gave no answer: .*SWIRL_JUDGE_PATIENCE/),
    })
    await stop()
    const gone = await python("import swirl_judge as j; j.ask([{}])", { ...environment, SWIRL_JUDGE_TOKEN_FILE: "" })
    expect(gone.err).not.toContain(secret)
  }, 90_000)

  test("waits for a service that is killed and started again, and goes on with what is known", async () => {
    const first = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd"])
    const { port } = new URL(first.url)
    const script = `import swirl_judge as j; print(j.ask([{"row_id": "${it.row}", "completion": "<answer>bad-700</answer>"}])[0]["reward"])`
    const asked = python(script, { SWIRL_JUDGE_URL: first.url, SWIRL_JUDGE_PATIENCE: "60" })
    await until(async () => (await first.metrics()).includes("actions_asked_total 1\n"))
    first.child.kill("SIGKILL")
    await ended(first.child)
    const second = await it.serve(["--plugin", "./odd.mjs", "--judge", "odd", "--port", port])
    expect((await asked).out).toBe("0\n")
    await second.stop()
  }, 90_000)
})
