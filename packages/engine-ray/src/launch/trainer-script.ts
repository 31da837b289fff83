/**
 * A trainer that is a command of its own (verl, OpenRLHF) as a job: one at a time in the training's folder, its checkpoint whole
 * or not at all. The trainer keeps its own state below `job/` there and goes on from it by itself.
 */
import { random, type StepRow, seedFrom, type TrainingJob } from "@swirl-ts/core"
import { checkKept, openablePolicy, usage } from "./kept-settings.ts"
import { type Launch, shellWord } from "./launch.ts"
import { type WrittenRow, writtenRows } from "./step-rows.ts"

export interface TrainerCommands {
  /** Words of the command that trains. Paths below the job's working directory may begin with `./`. */
  train: readonly string[]
  /** Words of the command that leaves the trained policy, as transformers opens it, in the folder that is its last word. */
  save: readonly string[]
}

/** Where a checkpoint is before it is whole. */
export const writing = (directory: string): string => `${directory}/checkpoints/.writing`

/** Settings that the `swirl` of our own loop has and that these trainers are given. */
export interface SwirlSettings {
  iterations: number
  states: number
  samples: number
  maxTokens: number
  learningRate: number
  warmup: number
  beta1: number
  beta2: number
  epsilon: number
  weightDecay: number
  clipNorm: number
  beta: number
  checkpointEvery: number
  keepCheckpoints: number
}

/** Throws a usage error for what these trainers cannot keep. `trainer`: e.g. `verl`. */
export function readJob(job: TrainingJob, { lora }: { lora?: number }, trainer: string) {
  if (job.algorithm !== "swirl")
    throw usage(`The launcher ${trainer} trains swirl alone, not ${job.algorithm}. Take TRL's.`)
  checkKept(job, trainer)
  if (job.settings.normalise === "standard-deviation")
    throw usage(`The launcher ${trainer} divides no advantage by a standard deviation. Leave normalise out.`)
  if (lora !== undefined) throw usage(`The launcher ${trainer} trains all weights: leave --lora out, or take TRL's.`)
  if (job.tools.length > 0)
    throw usage(
      `The launcher ${trainer} tells the chat template of no tools. Take the action format tags, or TRL's launcher.`,
    )
  if (!job.judge || job.judge.isAttached)
    throw usage(
      `${trainer} asks a judge that stays while the client is away: start swirl judge serve where the cluster reaches it, and name it by SWIRL_JUDGE_URL.`,
    )
  const settings = job.settings as unknown as SwirlSettings
  return { settings, policy: openablePolicy(job), judge: job.judge, longestPrompt: longestPrompt(job.rows) }
}

/** Tokens; what models without ids have is not known. */
const longestPrompt = (rows: readonly StepRow[]): number =>
  rows.reduce((longest, { tokens }) => Math.max(longest, tokens?.prompt.length ?? 8192), 1)

/** As many states as all steps take, in the order in which they are taken: every trajectory weighs the same. */
export function drawnRows(job: TrainingJob, { iterations, states }: SwirlSettings): WrittenRow[] {
  const byTrajectory = [...Map.groupBy(writtenRows(job), ({ trajectory_id }) => trajectory_id).values()]
  const source = random(seedFrom(job.seed, "states"))
  return Array.from({ length: iterations * states }, () => source.pick(source.pick(byTrajectory)))
}

/** The script `launch.sh` and the files beside it as a job. */
export function scriptLaunch(
  { directory, settings, judge }: TrainingJob,
  files: Readonly<Record<string, string>>,
  { train, save }: TrainerCommands,
): Launch {
  const command = (words: readonly string[]): string => words.map(shellWord).join(" ")
  const step = Number(settings.iterations)
  const metric = JSON.stringify({ schema: "swirl.metric/1", step, values: {}, alarms: [] })
  const script = `set -eu
directory=${shellWord(directory)}
if [ ! -f "$directory/job.json" ]; then
  echo "swirl error: The cluster does not see $directory, where checkpoints go. Client and cluster have to share that folder: name one on shared storage by --run."
  exit 1
fi
mkdir -p "$directory/job" "$directory/checkpoints"
exec 9>>"$directory/job/lock"
if ! flock -w 90 9; then
  echo "swirl error: Another process trains in $directory already. Stop it, or wait until it has ended."
  exit 1
fi
[ ! -e "$directory/checkpoints/${step}" ] || exit 0
SWIRL_JUDGE_URL="$(cat "$directory/job/judge-address")"
export SWIRL_JUDGE_URL
${command(train)}
rm -rf ${shellWord(writing(directory))}
${command(save)}
sync
mv ${shellWord(writing(directory))} "$directory/checkpoints/${step}"
printf '%s\\n' ${shellWord(metric)} >"$directory/metrics.jsonl"
echo "swirl checkpoint: ${step}"
`
  return {
    files: { ...files, "launch.sh": script, ...(judge ? { "swirl_judge.py": judge.pythonClient } : {}) },
    entrypoint: "sh launch.sh",
    gpus: 0,
  }
}
