/** What a trainer elsewhere cannot keep of a training, said before anything is sent. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { SwirlError, type TrainingJob } from "@swirl-ts/core"

/** Settings that loops of others have no like of, with what they may be. */
const ofOurLoop: Readonly<Record<string, readonly unknown[]>> = {
  kl: ["penalty"],
  ratioClip: [],
  rounds: [1],
  episodes: [],
  minGood: [],
  maxGood: [],
  candidates: [],
  shareOf: [],
  statesPerTrajectory: [],
  tokenBudget: [],
  stopOnAlarm: [false],
}

/** `trainer`: e.g. `TRL`. */
export function checkKept({ algorithm, settings, stopSequences }: TrainingJob, trainer: string): void {
  const asked = Object.entries(ofOurLoop).filter(
    ([name, allowed]) => settings[name] !== undefined && !allowed.includes(settings[name]),
  )
  if (asked.length > 0)
    throw usage(
      `The engine ray trains ${algorithm} with ${trainer}, which has no ${asked.map(([name]) => name).join(", ")}. Leave it out, or take an engine of our own loop (local, tinker).`,
    )
  if (stopSequences.length > 0)
    throw usage(
      `These trajectories are in an action format that interrupts turns at texts (${stopSequences.join(", ")}), which ${trainer} does not. Take an engine of our own loop (local, tinker).`,
    )
}

/** What transformers opens by itself. */
export function openablePolicy({ policy, policyDirectory: directory }: TrainingJob): string {
  if (directory !== undefined && existsSync(join(directory, "config.json"))) return directory
  throw usage(
    `The engine ray needs the policy as a folder that transformers opens (config.json, model.safetensors, tokenizer.json), on storage that the cluster shares; "${policy}" is none. Name one: --model local:<directory>.`,
  )
}

export const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
