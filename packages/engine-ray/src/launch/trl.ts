/** The launcher for TRL: the project's own Python files, step rows, and every setting that they read. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { adapterTargets } from "../engine-settings.ts"
import { checkKept, openablePolicy, usage } from "./kept-settings.ts"
import { jsonLines, type Launch, type Launcher, shellWord } from "./launch.ts"
import { writtenRows } from "./step-rows.ts"

const source = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../python/${name}`, import.meta.url)), "utf8")

export const trlLauncher: Launcher = (job, engine, { python: interpreter, gpus, rowsAtOnce, judgeMinutes }): Launch => {
  checkKept(job, "TRL")
  const { algorithm, directory, seed, settings, judge } = job
  const { lora, loraAlpha, loraTargets, precision } = engine
  if (lora === undefined && (loraAlpha !== undefined || loraTargets !== undefined))
    throw usage("Alpha and targets of LoRA are for training an adapter: give its rank, too, e.g. --lora 16.")
  const written = {
    ...settings,
    algorithm,
    directory,
    policy: openablePolicy(job),
    seed,
    precision,
    rowsAtOnce,
    judgePatience: judgeMinutes * 60,
    lora: lora ?? null,
    loraAlpha: lora === undefined ? null : (loraAlpha ?? 2 * lora),
    loraTargets: loraTargets ?? adapterTargets,
  }
  return {
    files: {
      "swirl_trl.py": source("swirl_trl.py"),
      "swirl_folder.py": source("swirl_folder.py"),
      ...(judge ? { "swirl_judge.py": judge.pythonClient } : {}),
      "settings.json": `${JSON.stringify(written, null, 2)}\n`,
      "rows.jsonl": jsonLines(writtenRows(job)),
    },
    entrypoint: `${shellWord(interpreter)} swirl_trl.py`,
    gpus,
  }
}
