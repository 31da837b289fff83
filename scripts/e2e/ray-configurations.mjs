/** The configurations that engine-ray writes for verl and OpenRLHF, read by these themselves; neither is started: both want GPUs. */
import { execFileSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { ClusterSchema } from "../../packages/engine-ray/src/cluster.ts"
import { EngineSettingsSchema } from "../../packages/engine-ray/src/engine-settings.ts"
import { launchers } from "../../packages/engine-ray/src/launch/launchers.ts"
import { expect } from "./parts.mjs"
import { python } from "./python.mjs"

const optimiser = { learningRate: 3e-4, warmup: 5, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }
const job = {
  id: "swirl-process-0123456789",
  name: "swirl-process",
  policy: "nano",
  policyDirectory: resolve("packages/policy-nano/model"),
  algorithm: "swirl",
  settings: {
    ...optimiser,
    iterations: 3,
    states: 2,
    samples: 4,
    maxTokens: 64,
    beta: 0.02,
    checkpointEvery: 10,
    keepCheckpoints: 2,
  },
  seed: 7,
  rows: [
    {
      id: "t/0",
      trajectoryId: "t",
      stepIndex: 0,
      stepCount: 1,
      messages: [],
      action: "a",
      tokens: { prompt: [1], action: [2] },
    },
  ],
  tools: [],
  stopSequences: [],
  directory: "/shared/run/train/swirl-process",
  judge: { url: "http://judge:8790", isAttached: false, pythonClient: "" },
  log: () => {},
}

export function readConfigurations(folder) {
  const bin = python("ray-configurations", ["hydra-core==1.3.2"], ["verl==0.9.1", "openrlhf==0.11.2"])
  const files = ["verl", "openrlhf"].map((name) => {
    const path = join(folder, `${name}.sh`)
    writeFileSync(
      path,
      launchers[name](job, EngineSettingsSchema.parse({}), ClusterSchema.parse({})).files["launch.sh"],
    )
    return path
  })
  const told = execFileSync(join(bin, "python"), ["scripts/e2e/ray-configurations.py", ...files], { encoding: "utf8" })
  const { verl, openrlhf } = JSON.parse(told.trim().split("\n").at(-1))
  expect("verl 0.9.1 knows every setting", verl.steps === 3 && verl.estimator === "swirl", told)
  expect("OpenRLHF 0.11.2 knows every flag", openrlhf.estimator === "rloo" && openrlhf.batch === 2, told)
}
