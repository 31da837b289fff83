/** What `replay:` says again: the conversations of one policy, from a run folder, its folder `eval/<policy>`, or a file. */
import { resolve } from "node:path"
import { type Host, SwirlError, TrajectorySchema } from "@swirl-ts/core"
import { readRecords, trajectoryFilesAt } from "@swirl-ts/store"
import { type RecordedConversation, recordedConversation } from "./recorded-conversation.ts"

type Outside = Pick<Host, "workingDirectory">

/** A usage error where there is none. */
export function recordingAt(reference: string, { workingDirectory }: Outside): Promise<string[]> {
  if (reference === "") throw usage("replay: needs a run folder, e.g. replay:runs/first.")
  return trajectoryFilesAt(resolve(workingDirectory, reference))
}

/** All of its conversations. A usage error where they are of several policies: they would answer for each other. */
export async function readRecording(reference: string, host: Outside): Promise<RecordedConversation[]> {
  const files = await recordingAt(reference, host)
  const recording: RecordedConversation[] = []
  const policies = new Map<string, string>()
  for (const file of files) {
    for await (const trajectory of readRecords(file, TrajectorySchema)) {
      recording.push(recordedConversation(trajectory))
      if (!policies.has(trajectory.policy)) policies.set(trajectory.policy, file)
    }
  }
  if (recording.length === 0) throw usage(`${files.join(", ")}: there are no trajectories to replay.`)
  if (policies.size > 1)
    throw usage(
      `${reference} holds what ${policies.size} policies said. Name one of their files:\n${[...policies].map(([policy, file]) => `  replay:${file} (${policy})`).join("\n")}`,
    )
  return recording
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
