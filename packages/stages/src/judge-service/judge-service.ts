/**
 * A judge as a service: verdicts on fresh actions at recorded states, by the same judge, options and prompts as `swirl train`
 * has. Invariants: a verdict is on disk before it is given; equal actions at equal states are judged once, and again only
 * where there was no verdict; no verdict is a third value, and never a zero.
 */
import { join } from "node:path"
import {
  contentHash,
  type JudgeRequest,
  type JudgeVerdict,
  judgeInput,
  rewardOf,
  type ServedVerdict,
  ServedVerdictSchema,
  slug,
} from "@swirl-ts/core"
import { acquireLock } from "@swirl-ts/kit"
import { openRecordFile } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { type Identities, identitiesOf, type JudgeOptions, openJudge } from "../judge/open-judge.ts"
import { siblingSets } from "../judge/siblings.ts"
import { openFormat } from "../open-format.ts"
import { recordedTasks } from "../recorded-tasks.ts"
import { toolsOf } from "../rollouts.ts"
import { readTrajectories } from "../trajectories.ts"
import { inBatches } from "./batches.ts"
import { type Counts, noCounts } from "./counts.ts"
import { type Completion, type FreshAction, readFreshAction } from "./fresh-action.ts"
import { type RateLimit, rateLimit } from "./rate-limit.ts"
import { type RecordedState, type RecordedStates, recordedStates } from "./recorded-states.ts"

export interface JudgeServiceOptions {
  judge: string
  judgeOptions?: JudgeOptions
  /** Actions that are judged together, at most. */
  batch: number
  /** Milliseconds that the first action of a batch waits for others. */
  batchWait: number
  /** Actions that may wait for a verdict; above, requests are turned away. */
  queue: number
  /** Actions a second that are taken; absent: no limit. */
  rate?: number
}

export interface AskedAction {
  state: RecordedState
  completion: Completion
}

export interface GivenVerdict extends JudgeVerdict {
  /** In [0, 1]; undefined where there is no verdict. */
  reward: number | undefined
  kind: ServedVerdict["kind"]
  /** It was on record, or just being made. */
  cached: boolean
}

export interface JudgeService {
  readonly judge: { name: string; oracle: boolean; identities: Identities }
  readonly states: RecordedStates
  /** The file of records. */
  readonly records: string
  readonly counts: Readonly<Counts>
  /** In their order. Throws `Overloaded` and has asked nothing where too many wait; throws what fails for every action alike. */
  verdicts(asked: readonly AskedAction[]): Promise<GivenVerdict[]>
  /** When nobody asks any more. */
  close(): Promise<void>
}

/** Too many actions wait, or came within a second. */
export class Overloaded extends Error {
  readonly retryAfter: number

  constructor(message: string, retryAfter: number) {
    super(message)
    this.retryAfter = retryAfter
  }
}

/** `context.abortSignal` ends verdicts that are being made. */
export async function openJudgeService(context: StageContext, options: JudgeServiceOptions): Promise<JudgeService> {
  const { registry, directory } = context
  const trajectories = await readTrajectories(directory)
  const judge = openJudge(context, options.judge, options.judgeOptions)
  const identities = await identitiesOf(judge, trajectories)
  // An oracle that knew the answers to other questions would call every action bad.
  if (judge.oracle) await recordedTasks(context, directory, trajectories)
  const folder = join(directory, "served", `${slug(judge.name)}-${contentHash(Object.values(identities).sort(), 8)}`)
  const lock = await acquireLock(folder)
  try {
    const path = join(folder, "verdicts.jsonl")
    const file = await openRecordFile(path, ServedVerdictSchema)
    const tools = await toolsOf(
      registry,
      Object.keys(identities).map((name) => registry.resolve("benchmarks", name).value),
    )
    const votes = judge.needsSiblings ? siblingSets(trajectories) : undefined
    const counts = noCounts()
    const limit: RateLimit = options.rate === undefined ? { take: () => ({}) } : rateLimit(options.rate)
    const making = new Map<string, Promise<ServedVerdict>>()

    const ask = inBatches({ most: options.batch, wait: options.batchWait }, (requests: readonly JudgeRequest[]) => {
      counts.batches++
      return judge.verdicts(requests, votes)
    })

    const plan = ({ state, completion }: AskedAction) => {
      const { trajectory, step } = state
      const format = openFormat(registry, trajectory.actionFormat)
      const fresh = readFreshAction(completion, { format, tools })
      const siblings = votes?.of(trajectory).digest
      const { text, toolCalls, kind } = fresh
      const identity = identities[trajectory.benchmark]!
      const key = contentHash([identity, siblings ?? "", state.key, text, toolCalls, kind === "cut-off"], 32)
      return { trajectory, step, fresh, siblings, identity, key }
    }
    type Planned = ReturnType<typeof plan>

    const make = async ({ trajectory, step, fresh, siblings, identity, key }: Planned): Promise<ServedVerdict> => {
      const { benchmark, split, taskId } = trajectory
      const { text, action, kind, toolCalls } = fresh
      const input = { ...judgeInput(trajectory, step), action: { text, action } }
      const { verdict, score, reason } = unasked(fresh) ?? (await ask({ input, benchmark, split, taskId }))
      const at = new Date().toISOString()
      const record: ServedVerdict = {
        schema: "swirl.served-verdict/1",
        id: verdict === "unscored" ? contentHash([key, at, counts.judged], 32) : key,
        key,
        judge: identity,
        oracle: judge.oracle || undefined,
        siblings,
        benchmark,
        split,
        taskId,
        trajectoryId: trajectory.id,
        step,
        kind,
        text,
        toolCalls: toolCalls.length > 0 ? [...toolCalls] : undefined,
        verdict,
        score,
        reason,
        at,
      }
      await file.append(record)
      counts.judged++
      return record
    }

    return {
      judge: { name: judge.name, oracle: judge.oracle, identities },
      states: recordedStates(context, trajectories),
      records: path,
      counts,
      async verdicts(asked) {
        const planned = asked.map(plan)
        const fresh = new Set(planned.map(({ key }) => key).filter((key) => !file.has(key) && !making.has(key)))
        if (making.size + fresh.size > options.queue)
          throw new Overloaded(
            `${making.size} actions wait for a verdict, and ${options.queue} may. Ask again later.`,
            1,
          )
        const { retryAfter } = fresh.size > 0 ? limit.take(fresh.size) : {}
        if (retryAfter !== undefined)
          throw new Overloaded(`More than ${options.rate} actions a second were sent. Ask again later.`, retryAfter)
        counts.asked += asked.length
        const given = await Promise.allSettled(
          planned.map(async (each) => {
            const { key } = each
            const known = file.has(key) ? await file.get(key) : undefined
            const before = known ?? making.get(key)
            if (before) return { record: await before, cached: true }
            const made = make(each).finally(() => making.delete(key))
            making.set(key, made)
            return { record: await made, cached: false }
          }),
        )
        const failed = given.find((each) => each.status === "rejected")
        if (failed) {
          counts.failed += asked.length
          throw failed.reason
        }
        return given.flatMap((each) => {
          if (each.status === "rejected") return []
          const { record, cached } = each.value
          const { verdict, score, reason, kind } = record
          counts[verdict]++
          if (cached) counts.cached++
          return { verdict, score, reason, kind, cached, reward: rewardOf(record) }
        })
      },
      async close() {
        await Promise.allSettled(making.values())
        await file.close()
        await judge.close()
        await lock.release()
      },
    }
  } catch (error) {
    await judge.close()
    await lock.release()
    throw error
  }
}

/** As in a training: bad without asking a judge. */
function unasked({ kind, action }: FreshAction): JudgeVerdict | undefined {
  if (kind === "cut-off") return { verdict: "bad", reason: "cut off at the token limit" }
  return action.kind === "malformed" ? { verdict: "bad", reason: action.reason } : undefined
}
