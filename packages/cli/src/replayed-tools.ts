/** `--replay-tools`: a recorded run in place of tools, and what came of it. */
import { counted } from "@swirl-ts/kit"
import { replayingTools } from "@swirl-ts/stages"
import type { CommandContext } from "./context.ts"

/** The context as it is, where no folder is given. */
export const withReplayedTools = async (context: CommandContext, folder?: string): Promise<CommandContext> =>
  folder === undefined ? context : replayingTools(context, folder)

export function sayReplayed({ say, toolReplay, replayedFrom }: CommandContext): void {
  if (!toolReplay) return
  const { answered, missing } = toolReplay.counts
  const gone = missing > 0 ? `; ${counted(missing, "call")} that it does not have` : ""
  say(`Tools: ${counted(answered, "call")} answered from ${replayedFrom}${gone}`)
}
