/**
 * How much memory V8 takes for garbage. Its young generation grows to 64 MB while modules are loaded, and nothing of that goes
 * back: it is told not to until a command begins, and never for one that streams records and holds few of them, whose old
 * generation is collected when a fifth has been added.
 */
import { setFlagsFromString } from "node:v8"

setFlagsFromString("--semi-space-growth-factor=1")

/** What is loaded is loaded: a command has the heap that it needs. */
export function setHeapFor({ isStreaming }: { isStreaming?: boolean }): void {
  if (isStreaming) setFlagsFromString("--heap-growing-percent=20")
  // V8's own.
  else setFlagsFromString("--semi-space-growth-factor=2")
}
