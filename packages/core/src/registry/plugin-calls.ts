/** Code of plugins, called so that what it throws, or gives in place of what it should, is told by its full name. */
import { z } from "zod"
import { errorMessage, isSwirlError, SwirlError } from "../errors.ts"
import { problemBy } from "../schema-problem.ts"
import { runAs } from "./at-work.ts"
import { contributionProblem } from "./contribution-schemas.ts"
import type { ContributionKind } from "./plugin.ts"
import { singular } from "./plugin-problems.ts"
import { functionSchema } from "./schema-parts.ts"

/** Code of a plugin threw, or gave what cannot be used; with one task that need not mean the others. */
export class PluginFailure extends SwirlError {}

export interface PluginCall {
  /** `Judge mine/strict` */
  whose: string
  /** The function. */
  what: string
  /** The task that it is called for. */
  taskId?: string
  /** Its reason is thrown in place of what the code threw when it was stopped. */
  abortSignal?: AbortSignal
}

/** Who is called, for messages. */
export const whoseIs = ({ kind, fullName }: { kind: ContributionKind; fullName: string }): string =>
  `${singular[kind][0]!.toUpperCase()}${singular[kind].slice(1)} ${fullName}`

/** What was thrown, as whose it is; what is a SwirlError already stays as it is. */
export const pluginFailure = ({ whose, what }: PluginCall, error: unknown): SwirlError =>
  isSwirlError(error) ? error : new PluginFailure(`${whose}: ${what} failed: ${errorMessage(error)}`, { cause: error })

/** What the code runs as: `keep of the filter mine/strict`. */
export const callNameOf = ({ whose, what, taskId }: PluginCall): string =>
  `${what} of the ${whose[0]!.toLowerCase()}${whose.slice(1)}${taskId === undefined ? "" : `, task ${taskId}`}`

/** What `run` gives, at once or later. */
export function callPlugin<T>(call: PluginCall, run: () => T): T {
  const failed = (error: unknown): never => {
    call.abortSignal?.throwIfAborted()
    throw pluginFailure(call, error)
  }
  try {
    const given = runAs(callNameOf(call), run)
    return given instanceof Promise ? (given.catch(failed) as T) : given
  } catch (error) {
    return failed(error)
  }
}

const text = z.string().min(1)

/** What keeps what is given from being used, by what that is called. */
const problems = {
  model: problemBy(z.object({ identity: text, model: z.object({ doGenerate: functionSchema }) })),
  judge: problemBy(z.object({ identity: text, judge: functionSchema })),
  "digest of weights": problemBy(text),
  "passage index": problemBy(z.object({ size: z.number(), search: functionSchema })),
  embedder: problemBy(z.object({ identity: text, dimensions: z.number(), embed: functionSchema })),
  engine: problemBy(
    z.object({
      sample: functionSchema,
      forwardBackward: functionSchema,
      optimStep: functionSchema,
      logProbabilities: functionSchema,
      saveState: functionSchema,
      loadState: functionSchema,
      languageModel: functionSchema,
      dispose: functionSchema,
    }),
  ),
  "training result": problemBy(z.object({ checkpoint: z.string(), steps: z.number(), alarms: z.array(z.unknown()) })),
  "list of failed commands": problemBy(z.array(z.object({ id: z.string(), message: z.string() }))),
  metrics: problemBy(
    z.record(
      z.string(),
      z.custom((value) => typeof value === "number", "it should be a number"),
    ),
  ),
  tool: (value: unknown) => contributionProblem("tools", value),
}

/** As `callPlugin`, and what it gives is checked to be what it is used as. */
export async function callPluginFor<T>(
  thing: keyof typeof problems,
  call: PluginCall,
  run: () => T | PromiseLike<T>,
): Promise<T> {
  const value = await callPlugin(call, async () => run())
  const problem = problems[thing](value)
  if (problem === undefined) return value
  throw new PluginFailure(`${call.whose}: ${call.what} gave no ${thing} that can be used: ${problem}.`)
}
