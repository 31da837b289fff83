/** A trajectory as lines of text, for the message of a test that failed: what was said, called and answered, and judged. */
import type { Step } from "@swirl-ts/core"
import type { Looked } from "./task-run.ts"

export function stepLines({ steps, trajectory, run }: Looked): string[] {
  return [
    ...steps.map((step) => {
      const verdict = run?.verdicts.find((each) => each.step === step.index)
      const judged = verdict ? `  [${verdict.verdict}: ${short(verdict.reason)}]` : ""
      return `  ${step.index + 1} ${step.kind.padEnd(9)} ${saidIn(step)}${judged}`
    }),
    ...(steps.length === 0 ? ["  no step"] : []),
    ...(trajectory
      ? [`  status: ${trajectory.status}${trajectory.error === undefined ? "" : `: ${trajectory.error}`}`]
      : []),
  ]
}

function saidIn({ call, observation, answer, malformed, text, finishReason }: Step): string {
  const cut = finishReason === "length" ? " (cut off at its token limit)" : ""
  if (call) {
    const result = observation ? ` -> ${observation.isError ? "(error) " : ""}${short(observation.text)}` : " (not run)"
    return `${call.tool}(${short(JSON.stringify(call.input) ?? "")})${result}`
  }
  if (answer !== undefined) return `${short(answer)}${cut}`
  return `${malformed ?? "unreadable"}: ${JSON.stringify(short(text))}${cut}`
}

const short = (text: string, most = 160): string => {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}
