/** The launcher for TRL: the project's own Python files, step rows, and every setting that they read. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { SwirlError, type TrainingJob } from "@swirl-ts/core"
import { adapterTargets } from "../engine-settings.ts"
import { jsonLines, type Launch, type Launcher, shellWord } from "./launch.ts"
import { writtenRows } from "./step-rows.ts"

const python = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../python/${name}`, import.meta.url)), "utf8")

/** Settings that TRL's trainers have no like of, with what they have to be. Others of an algorithm are read by the launcher. */
const unsupported: Readonly<Record<string, readonly unknown[]>> = {
  kl: ["penalty"],
  ratioClip: [],
  rounds: [1],
  episodes: [],
  minGood: [],
  maxGood: [],
  candidates: [],
  statesPerTrajectory: [],
  tokenBudget: [],
  stopOnAlarm: [false],
}

export const trlLauncher: Launcher = (job, engine, interpreter): Launch => {
  checkKept(job)
  const { algorithm, directory, policyDirectory, seed, settings, judge } = job
  const { lora, loraAlpha, loraTargets, precision, rowsAtOnce, judgePatience } = engine
  if (lora === undefined && (loraAlpha !== undefined || loraTargets !== undefined))
    throw usage("Alpha and targets of LoRA are for training an adapter: give its rank, too, e.g. --lora 16.")
  const written = {
    ...settings,
    algorithm,
    directory,
    policy: openablePolicy(job.policy, policyDirectory),
    seed,
    precision,
    rowsAtOnce,
    judgePatience,
    lora: lora ?? null,
    loraAlpha: lora === undefined ? null : (loraAlpha ?? 2 * lora),
    loraTargets: loraTargets ?? adapterTargets,
  }
  return {
    files: {
      "swirl_trl.py": python("swirl_trl.py"),
      "swirl_folder.py": python("swirl_folder.py"),
      ...(judge ? { "swirl_judge.py": judge.pythonClient } : {}),
      "settings.json": `${JSON.stringify(written, null, 2)}\n`,
      "rows.jsonl": jsonLines(writtenRows(job)),
    },
    entrypoint: `${shellWord(interpreter)} swirl_trl.py`,
  }
}

function checkKept({ algorithm, settings, stopSequences }: TrainingJob): void {
  const asked = Object.entries(unsupported).filter(
    ([name, allowed]) => settings[name] !== undefined && !allowed.includes(settings[name]),
  )
  if (asked.length > 0)
    throw usage(
      `The engine ray trains ${algorithm} with TRL, which has no ${asked.map(([name]) => name).join(", ")}. Leave it out, or take an engine of our own loop (local, tinker).`,
    )
  if (stopSequences.length > 0)
    throw usage(
      `These trajectories are in an action format that interrupts turns at texts (${stopSequences.join(", ")}), which TRL does not. Take an engine of our own loop (local, tinker).`,
    )
}

/** What transformers opens by itself. */
function openablePolicy(policy: string, directory: string | undefined): string {
  if (directory !== undefined && existsSync(join(directory, "config.json"))) return directory
  throw usage(
    `The engine ray needs the policy as a folder that transformers opens (config.json, model.safetensors, tokenizer.json), on storage that the cluster shares; "${policy}" is none. Name one: --model local:<directory>.`,
  )
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
