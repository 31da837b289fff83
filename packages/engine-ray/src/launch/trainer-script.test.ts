import { execFileSync, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assistantMessage, rowId, type TrainingJob, userMessage } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { ClusterSchema } from "../cluster.ts"
import { EngineSettingsSchema } from "../engine-settings.ts"
import { launchers } from "./launchers.ts"

const policy = temporaryFolder({ "config.json": "{}" })
const engine = EngineSettingsSchema.parse({})
const settings = {
  ...{ iterations: 3, states: 2, samples: 4, maxTokens: 64, learningRate: 3e-4, warmup: 5, beta1: 0.9, beta2: 0.95 },
  ...{ epsilon: 1e-8, weightDecay: 0, clipNorm: 1, beta: 0.02, checkpointEvery: 10, keepCheckpoints: 2, kl: "penalty" },
}
const rows = ["t", "u"].flatMap((trajectoryId) =>
  [0, 1].map((stepIndex) => ({
    id: rowId(trajectoryId, stepIndex),
    trajectoryId,
    stepIndex,
    stepCount: 2,
    messages: [userMessage(`${trajectoryId}?`), ...(stepIndex === 0 ? [] : [assistantMessage("a"), userMessage("b")])],
    action: "c",
    tokens: { prompt: [1, 2, 3], action: [4] },
  })),
)

function jobIn(directory: string, changes: Partial<TrainingJob> = {}): TrainingJob {
  return {
    ...{ id: "swirl-process-0123456789", name: "swirl-process", policy: `local:${policy}`, policyDirectory: policy },
    ...{ algorithm: "swirl", settings, seed: 7, rows, tools: [], stopSequences: [], directory, log: () => {} },
    judge: { url: "http://judge:8790", isAttached: false, pythonClient: "# asks\n" },
    ...changes,
  }
}
const launch = (name: "verl" | "openrlhf", job: TrainingJob, python = "/opt/bin/python") =>
  launchers[name](job, engine, ClusterSchema.parse({ python, gpus: 4 }))
const commandOf = ({ files }: { files: Readonly<Record<string, string>> }): string =>
  files["launch.sh"]!.split("\n").find((line) => line.includes(" -m "))!

describe("the configuration of verl", () => {
  const made = launch("verl", jobIn("/shared/run/train/swirl-process"))
  test("says what the training is, and asks the judge by name", () => {
    for (const word of [
      "/opt/bin/python -m verl.trainer.main_ppo algorithm.adv_estimator=swirl",
      "reward.reward_manager.name=SwirlRewardManager",
      "actor_rollout_ref.actor.loss_agg_mode=seq-mean-token-sum",
      "'actor_rollout_ref.actor.optim.betas=[0.9,0.95]'",
      "data.train_batch_size=2",
      "data.max_prompt_length=3",
      "trainer.n_gpus_per_node=4",
      "trainer.total_training_steps=3",
    ])
      expect(commandOf(made)).toContain(word)
    expect(made.gpus).toBe(0)
  })

  test("has a row for every state that is taken, with what finds it again", () => {
    const read = made.files["rows.jsonl"]!.trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(read).toHaveLength(6)
    for (const { prompt, reward_model, extra_info } of read) {
      expect(rows.map(({ id }) => id)).toContain(extra_info.row_id)
      expect(prompt).toHaveLength(extra_info.step_index === 0 ? 1 : 3)
      expect(reward_model.ground_truth).toBe("")
    }
    expect(launch("verl", jobIn("/shared/run/train/swirl-process"))).toEqual(made)
  })
})

test("the configuration of OpenRLHF labels each state by its row", () => {
  const made = launch("openrlhf", jobIn("/shared/run"))
  expect(commandOf(made)).toContain("--actor.adam.betas 0.9 0.95")
  expect(commandOf(made)).toContain("--algo.advantage.estimator rloo")
  const [row] = made.files["rows.jsonl"]!.split("\n")
  expect(JSON.parse(row!)).toEqual({ input: expect.any(Array), label: expect.stringMatching(/^[tu]\/[01]$/) })
})

test.each([
  ["another algorithm", { algorithm: "sft" }, /trains swirl alone/],
  ["a judge that goes away", { judge: { url: "", isAttached: true, pythonClient: "" } }, /SWIRL_JUDGE_URL/],
  ["tools of the template", { tools: [{ name: "t", inputSchema: {} }] }, /tells the chat template of no tools/],
  ["a standard deviation", { settings: { ...settings, normalise: "standard-deviation" } }, /standard deviation/],
])("%s is refused", (_what, changes, sentence) => {
  expect(() => launch("verl", jobIn("/shared", changes as Partial<TrainingJob>))).toThrow(sentence)
})

const hasFlock = spawnSync("flock", ["--version"]).status === 0
describe.skipIf(!hasFlock)("the script of a trainer", () => {
  /** Stands for the interpreter: notes what it is asked, and leaves a policy where it should. */
  const stub = (folder: string, fails = ""): string => {
    const path = join(folder, "python")
    writeFileSync(
      path,
      `#!/bin/sh
echo "$SWIRL_JUDGE_URL $*" >>"${folder}/asked"
case "$*" in *${fails || "never"}*) exit 3 ;; esac
for last; do :; done
case "$*" in *model_merger*) mkdir -p "$last" && echo '{}' >"$last/config.json" ;; esac
`,
    )
    chmodSync(path, 0o755)
    return path
  }
  const laid = (name: string, fails?: string) => {
    const [folder, directory] = [temporaryFolder(), join(temporaryFolder(), name)]
    mkdirSync(join(directory, "job"), { recursive: true })
    const { files, entrypoint } = launch("verl", jobIn(directory), stub(folder, fails))
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    const run = () => spawnSync("sh", ["-c", entrypoint], { cwd: folder, encoding: "utf8" })
    const asked = (): string[] => readFileSync(join(folder, "asked"), "utf8").trim().split("\n")
    return { directory, run, asked }
  }

  test("trains, saves, and leaves a checkpoint and a metric; run again it trains nothing", () => {
    const { directory, run, asked } = laid("it's here")
    writeFileSync(join(directory, "job.json"), "{}")
    writeFileSync(join(directory, "job", "judge-address"), "http://judge:8790\n")
    expect(run()).toMatchObject({ status: 0, stdout: "swirl checkpoint: 3\n" })
    expect(existsSync(join(directory, "checkpoints", "3", "config.json"))).toBe(true)
    expect(JSON.parse(readFileSync(join(directory, "metrics.jsonl"), "utf8"))).toMatchObject({ step: 3 })
    expect(asked()[0]).toMatch(/^http:\/\/judge:8790 -m verl.trainer.main_ppo .*it's here\/job\/verl /)
    expect(run().status).toBe(0)
    expect(asked()).toHaveLength(2)
  })

  test("leaves nothing where the trainer fails, and says where the folder is not shared", () => {
    const { directory, run } = laid("run", "main_ppo")
    expect(run().stdout).toMatch(/^swirl error: The cluster does not see .*--run/)
    writeFileSync(join(directory, "job.json"), "{}")
    writeFileSync(join(directory, "job", "judge-address"), "http://judge:8790\n")
    expect(run().status).toBe(3)
    expect(existsSync(join(directory, "checkpoints", "3"))).toBe(false)
  })

  test("waits for another that trains there", () => {
    const { directory, run } = laid("busy")
    writeFileSync(join(directory, "job.json"), "{}")
    writeFileSync(join(directory, "job", "judge-address"), "http://judge:8790\n")
    const start = performance.now()
    execFileSync("sh", ["-c", `flock "${directory}/job/lock" sleep 1 >/dev/null 2>&1 & sleep 0.3`])
    expect(run().status).toBe(0)
    expect(performance.now() - start).toBeGreaterThan(900)
  })
})
