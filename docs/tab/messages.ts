/** What page and worker say to each other. */
import type { LoopEvent, LoopResult, LoopSettings } from "./loop.ts"

export type ToWorker =
  | { kind: "run"; settings: LoopSettings }
  | { kind: "stop" }
  | { kind: "download" }
  | { kind: "ping" }

export type FromWorker =
  | LoopEvent
  | { kind: "started"; backend: string }
  | { kind: "stopped" }
  | { kind: "done"; result: LoopResult; seconds: number }
  | { kind: "failed"; message: string }
  | { kind: "archive"; name: string; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "pong" }
