/**
 * A conversation as another tool has logged it, whatever the tool: what readers of formats give, and trajectories are made of.
 * Invariant: nothing is invented; what a log does not say is absent, and what is not kept is counted in `lost`.
 */
import type { ForeignScore, FunctionTool, Losses, Producer, Step, Trajectory } from "@swirl-ts/core"

export interface ForeignCall {
  /** Absent in formats that pair calls and results by their order. */
  id?: string
  name: string
  /** An object, or the text that the model wrote in its place. */
  input: unknown
}

/** What swirl itself wrote of a step into the file, where that is one of its exports: it goes before what can be read again. */
export interface RecordedTurn {
  kind: Step["kind"]
  query?: string
  malformed?: string
  answer?: string
  finishReason: Step["finishReason"]
}

export type ForeignMessage =
  /** `isReply`: the environment's answer to a turn that called nothing; no question. */
  | { role: "system" | "user"; text: string; isReply?: boolean }
  | {
      role: "assistant"
      text: string
      thoughts: readonly string[]
      calls: readonly ForeignCall[]
      /** It was put into the prompt: nobody sampled it here. */
      isGiven?: boolean
      model?: string
      /** The token limit cut it off. */
      isCut?: boolean
      recorded?: RecordedTurn
    }
  | { role: "tool"; callId?: string; name?: string; text: string; isError: boolean }

export interface ForeignConversation {
  /** Where in the file. */
  place: { entry?: string; line?: number }
  /** The same for the same conversation in every file that has it; without one it is known by what it says. */
  id?: string
  /** Name of the questions that it is one of; default: the file's. */
  questions?: string
  /** Within these. */
  taskId?: string
  /** From 0. */
  epoch?: number
  /** As the log has it apart from the conversation, before any template. */
  question?: string
  references?: readonly string[]
  model?: string
  temperature?: number
  seed?: number
  tools: readonly FunctionTool[]
  messages: readonly ForeignMessage[]
  /** The final answer, where the log has it apart from the messages. */
  answer?: string
  /** Of an export of swirl: how calls stand in its texts, and how it ended. */
  actionFormat?: string
  status?: Trajectory["status"]
  limit?: { name: string; isOfTokens: boolean }
  error?: string
  retries?: number
  scores: readonly ForeignScore[]
  usage?: { inputTokens: number; outputTokens: number }
  license?: string
  producer?: Producer
  lost: Losses
}

/** One file, opened: a reader of a format gives its conversations one after another, and throws a usage error that says where. */
export interface ForeignLog {
  producer: Producer
  license?: string
  /** What of the whole file is not kept. */
  lost?: Losses
  conversations(): AsyncIterable<ForeignConversation>
}

export interface Importer {
  /** As `--format` names it. */
  name: string
  description: string
  /** Endings of files that are looked for in a folder. */
  endings: readonly string[]
  /** Throws a usage error for what is no such file, or of a newer version. */
  open(file: string): Promise<ForeignLog>
}
