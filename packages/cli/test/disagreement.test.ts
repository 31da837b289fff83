/** The embedded policy, trained where it can learn, against judges in conjunction: as people run it, and run it again. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test("nano trains at states it disagrees on, in rounds, against two judges at once; run again, nothing is sampled anew", async () => {
  const directory = temporaryFolder()
  const swirl = swirlIn(directory)
  const run = ["--run", "runs/nano", "--backend", "wasm", "--json"]
  const both = ["--judge", "grounded+consensus", "--judge-option", "consensus.agree=2"]
  expect((await swirl("generate", "calc", "--limit", "12", "--samples", "4", ...run)).code).toBe(0)
  const judged = await swirl("judge", ...both, ...run.slice(0, 2), "--json")
  expect(judged.json).toMatchObject({ judge: "grounded+consensus", oracle: false })
  const options = ["states=8", "samples=4", "minGood=0.05", "maxGood=0.95", "candidates=16", "rounds=2", "episodes=2"]
  const training = [...both, "--strategy", "none", "--rollout-tasks", "0", "--iterations", "4", "--name", "first"]
  const command = ["train", ...training, ...options.flatMap((option) => ["--option", option]), ...run]
  const { json, stderr } = await swirl(...command)
  expect(stderr).toMatch(/first: round 1: \d+ of \d+ states have a share of good actions from 0\.05 to 0\.95/)
  expect(json).toMatchObject({ steps: 4, oracle: false })
  const at = (...parts: string[]) => readFileSync(join(directory, "runs/nano/train/first", ...parts), "utf8")
  const metrics = at("metrics.jsonl")
  const [, step] = metrics
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(step.values.learnableStates).toBeGreaterThan(0)
  expect(step.values.learnableStates).toBeLessThan(step.values.candidateStates)
  expect(at("rounds", "1", "states.jsonl").trim().split("\n").length).toBe(step.values.candidateStates)
  expect((await swirl(...command)).json.steps).toBe(4)
  expect(at("metrics.jsonl")).toBe(metrics)
  expect((await swirl("validate", "runs/nano", "--json")).code).toBe(0)
}, 120_000)
