/** A trajectory for the terminal. Whatever its texts hold, they are printed: no control character reaches the terminal. */
import { type FoundTrajectory, type ShownMessage, type ViewerStep, visibleText } from "@swirl-ts/report"

/** As `swirl show --json` has it: judges by their names. */
export function trajectoryDocument({ directory, stage, trajectory, judges }: FoundTrajectory) {
  const { key: _, group: __, steps, ...rest } = trajectory
  return {
    directory,
    stage,
    ...rest,
    steps: steps.map(({ verdicts, ...step }) => ({
      ...step,
      verdicts: verdicts.map(({ judge, ...verdict }) => {
        const { identity, oracle } = judges[judge]!
        return { judge: identity, oracle, ...verdict }
      }),
    })),
  }
}

export function trajectoryLines({ directory, stage, trajectory, judges }: FoundTrajectory): string[] {
  const { id, benchmark, split, taskId, epoch, policy, status, error, answer, reference, prompt, steps, sample } =
    trajectory
  const metrics = Object.entries(sample?.metrics ?? {}).map(([name, value]) => `${name} ${value}`)
  return [
    `${id}: ${benchmark}/${split}, ${taskId}, epoch ${epoch}, of ${policy} (${stage}, ${directory})`,
    `${status}${error === undefined ? "" : `: ${error}`}`,
    `answer: ${answer ?? "none"}`,
    ...(reference ? [`right: ${reference.join(" | ")}`] : []),
    ...(sample ? [`score: ${sample.status}${metrics.length > 0 ? `, ${metrics.join(", ")}` : ""}`] : []),
    ...(trajectory.foreignScores ?? []).map(
      ({ scorer, value, explanation }) =>
        `score of ${scorer}: ${JSON.stringify(value)}${explanation === undefined ? "" : ` (${explanation})`}`,
    ),
    "",
    "prompt",
    ...prompt.flatMap(messageLines),
    ...steps.flatMap((step) => ["", ...stepLines(step, judges)]),
  ].flatMap((line) => visibleText(line).split("\n"))
}

const messageLines = ({ role, text, calls = [] }: ShownMessage): string[] => [
  `  [${role}] ${indented(text)}`,
  ...calls.map(({ tool, input }) => `  [${role} calls ${tool}] ${JSON.stringify(input)}`),
]

function stepLines(step: ViewerStep, judges: FoundTrajectory["judges"]): string[] {
  const { index, kind, text, thoughts = [], call, malformed, observation, finishReason, verdicts } = step
  return [
    `step ${index}: ${kind}${finishReason === "stop" ? "" : `, ended by ${finishReason}`}`,
    ...thoughts.map((thought) => `  thought ${indented(thought)}`),
    `  said    ${indented(text.trim())}`,
    ...(call ? [`  call    ${call.tool}: ${indented(call.query)}`] : []),
    ...(malformed === undefined ? [] : [`  cannot be read: ${malformed}`]),
    ...(observation ? [`  ${observation.isError ? "error " : "result"}  ${indented(observation.text)}`] : []),
    ...verdicts.map(({ judge, verdict, score, reason }) => {
      const { identity, oracle } = judges[judge]!
      const said = score === undefined ? verdict : `${verdict} (${score})`
      return `  ${said.padEnd(8)}${identity}${oracle ? " (oracle)" : ""}: ${indented(reason)}`
    }),
  ]
}

const indented = (text: string): string => text.replace(/\r?\n/g, "\n          ")
