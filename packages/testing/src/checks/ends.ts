/** How something ends that was told to stop. */
import { leaveBehind } from "./left-behind.ts"

/** Milliseconds that it may still take. */
export const grace = 1_000

/** `late`: it has not ended after the grace, counted from the call. */
export async function ends(work: () => unknown, milliseconds = grace): Promise<"done" | "failed" | "late"> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), milliseconds)
  })
  const ended = (async () => work())().then(
    () => "done" as const,
    () => "failed" as const,
  )
  try {
    const how = await Promise.race([ended, late])
    if (how === "late") leaveBehind()
    return how
  } finally {
    clearTimeout(timer)
  }
}

/** Aborts the signal that `work` is given as soon as it has begun. */
export function endsAborted(work: (abortSignal: AbortSignal) => unknown): ReturnType<typeof ends> {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error("stopped by the check")), 5)
  return ends(() => work(controller.signal))
}
