/** What an import did, counted. */

import type { ImportedRecord, Losses, Trajectory } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import type { ImportedPart } from "./imported-trajectory.ts"
import { addLosses } from "./losses.ts"

export interface ImportResult {
  directory: string
  format: string
  files: number
  conversations: number
  trajectories: number
  /** That were not there before. */
  added: number
  /** Of trajectories that were there in an earlier state, or with other scores. */
  replaced: number
  answered: number
  stepLimit: number
  tokenLimit: number
  errors: number
  steps: number
  toolCalls: number
  malformed: number
  /** With scores of the other tool. */
  scored: number
  /** Where questions were looked for in a benchmark: trajectories, and those whose question is none of its tasks. */
  matched?: { benchmark: string; trajectories: number; unmatched: number }
  /** Trajectories by benchmark, in full names. */
  benchmarks: Record<string, number>
  policies: { policy: string; model: string; trajectories: number }[]
  /** What is not kept, or not as it was, with how often. */
  lost: Losses
}

interface FileCounts {
  conversations: number
  trajectories: number
  lost: Losses
}

export function importTally(directory: string, format: string, benchmark: string | undefined) {
  const counts = {
    files: 0,
    conversations: 0,
    trajectories: 0,
    added: 0,
    scored: 0,
    steps: 0,
    toolCalls: 0,
    malformed: 0,
  }
  const ends = { answered: 0, stepLimit: 0, tokenLimit: 0, errors: 0 }
  const lost: Losses = {}
  const benchmarks: Record<string, number> = {}
  const policies = new Map<string, ImportResult["policies"][number]>()
  let matched = 0
  let file: FileCounts = { conversations: 0, trajectories: 0, lost: {} }
  const losses = (more: Losses | undefined): void => {
    addLosses(lost, more)
    addLosses(file.lost, more)
  }
  return {
    get conversations(): number {
      return counts.conversations
    },
    file(ofWhole: Losses | undefined) {
      counts.files++
      file = { conversations: 0, trajectories: 0, lost: {} }
      losses(ofWhole)
    },
    conversation() {
      counts.conversations++
      file.conversations++
    },
    trajectory(
      part: ImportedPart,
      { trajectory, record, isMatched }: { trajectory: Trajectory; record: ImportedRecord; isMatched: boolean },
    ) {
      const { steps, status, policy } = trajectory
      counts.trajectories++
      file.trajectories++
      counts.steps += steps.length
      counts.toolCalls += steps.filter(({ call }) => call).length
      counts.malformed += steps.filter(({ kind }) => kind === "malformed").length
      if (record.scores) counts.scored++
      if (isMatched) matched++
      ends[endNames[status]]++
      losses(part.lost)
      benchmarks[record.benchmark] = (benchmarks[record.benchmark] ?? 0) + 1
      const of = policies.get(policy) ?? { policy, model: part.model, trajectories: 0 }
      policies.set(policy, { ...of, trajectories: of.trajectories + 1 })
    },
    added() {
      counts.added++
    },
    ofFile: (): FileCounts => file,
    result: (replaced: number): ImportResult => ({
      directory,
      format,
      ...counts,
      replaced,
      ...ends,
      matched:
        benchmark === undefined
          ? undefined
          : { benchmark, trajectories: matched, unmatched: counts.trajectories - matched },
      benchmarks,
      policies: [...policies.values()],
      lost,
    }),
  }
}

const endNames = {
  answered: "answered",
  "step-limit": "stepLimit",
  "token-limit": "tokenLimit",
  error: "errors",
} as const

/** For people; nothing that was counted is left out. */
export function importInWords(result: ImportResult): string[] {
  const { directory, files, conversations, trajectories, added, replaced, matched, lost } = result
  const there = trajectories - added
  const ends = [
    `${result.answered} answered`,
    `${result.stepLimit} at the step limit`,
    `${result.tokenLimit} at the token limit`,
    `${result.errors} with errors`,
  ]
  return [
    `${counted(files, "file")}, ${counted(conversations, "conversation")}: ${counted(trajectories, "trajectory", "trajectories")} in ${directory} (${added} added, ${there} were there already${replaced > 0 ? `, ${replaced} of an earlier state replaced` : ""})`,
    ends.join(", "),
    `${result.steps} steps: ${result.toolCalls} tool calls, ${result.malformed} malformed; ${counted(result.scored, "trajectory", "trajectories")} with scores of the log's own`,
    ...result.policies.map((each) => `  ${each.model}: ${each.trajectories} as ${each.policy}`),
    ...Object.entries(result.benchmarks).map(([name, count]) => `  ${name}: ${count}`),
    ...(matched
      ? [
          `${matched.trajectories} of ${trajectories} are of tasks of ${matched.benchmark}; ${matched.unmatched} match none by their text`,
        ]
      : []),
    ...(Object.keys(lost).length > 0 ? ["not kept, or not as it was:"] : []),
    ...Object.entries(lost).map(([what, count]) => `  ${count} x ${what}`),
  ]
}
