/**
 * Code of a plugin that breaks out of a check, at once or from a timer later: in a command it would end everything, so the
 * check that started it has failed, and one that is over already is told by name beside the one that runs.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { setTimeout as pause } from "node:timers/promises"
import type { CheckResult } from "@swirl-ts/testing"
import { brokeOut } from "../accidents.ts"

/** Milliseconds that code has to break out in after its check, and after the last one. */
const patience = { check: 20, last: 500 }

const running = new AsyncLocalStorage<string>()
let outbreaks: { what: string; by: string | undefined }[] = []

/** To be called once a process. */
export function watchOutbreaks(): void {
  process.on("uncaughtException", (error, origin) => {
    outbreaks.push({ what: brokeOut(error, origin), by: running.getStore() })
  })
}

/** The result of a check, failed where code broke out meanwhile. `name` is the check's. */
export async function withOutbreaks(
  name: string,
  isLast: boolean,
  check: () => Promise<CheckResult>,
): Promise<CheckResult> {
  const result = await running.run(name, check)
  await pause(isLast ? patience.last : patience.check)
  const [first] = outbreaks
  outbreaks = []
  if (!first || result.status === "failed") return result
  const started = first.by === undefined || first.by === name ? "" : `, which the check "${first.by}" had started,`
  const reason = `In this check code of the plugin${started} ${first.what}. It would end every command: await what it starts, and catch what that throws.`
  return { ...result, status: "failed", reason }
}
