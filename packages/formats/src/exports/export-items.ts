/** Trajectories of a run folder as items of an export, one after another: what the filter keeps, with all that is on record of it. */
import {
  type ActionFormat,
  applyFilter,
  type Filter,
  type FunctionTool,
  type NamedTool,
  type Trajectory,
  type VerdictRecord,
} from "@swirl-ts/core"
import { conversationBefore } from "@swirl-ts/runner"
import { openFormat, type StageContext, toolsOf } from "@swirl-ts/stages"
import type { ExportItem, StepVerdict } from "./export-item.ts"
import { type ExportSource, type Wanted, wantedTrajectories } from "./source.ts"
import type { TaskFacts } from "./task-facts.ts"
import type { VerdictBook } from "./verdict-book.ts"

export interface ItemMaterial {
  source: ExportSource
  wanted: Wanted & { limit?: number }
  filter: Filter
  verdicts?: VerdictBook
  facts?: ReadonlyMap<string, TaskFacts>
  /** Of an outcome judge, in place of the official score. */
  outcomes?: ReadonlyMap<string, boolean>
}

export interface ItemCounts {
  total: number
  kept: number
  dropped: number
  /** Of the dropped: only a missing verdict or outcome kept it out. */
  unscored: number
}

/** `counts` go on while it is read; `onTotal` is told after every trajectory. */
export async function* exportItems(
  context: StageContext,
  { source, wanted, filter, verdicts, facts, outcomes }: ItemMaterial,
  counts: ItemCounts,
  onTotal: () => void,
): AsyncGenerator<ExportItem> {
  const parts = itemParts(context)
  for await (const trajectory of wantedTrajectories(source, wanted)) {
    context.abortSignal?.throwIfAborted()
    if (wanted.limit !== undefined && counts.kept >= wanted.limit) return
    const of = verdicts?.of(trajectory) ?? trajectory.steps.map(() => undefined)
    const { metrics, references } = facts?.get(trajectory.id) ?? {}
    const { primaryMetric, license, tools, requestTools, format } = await parts.of(trajectory)
    const official = metrics && primaryMetric !== undefined ? metrics[primaryMetric]! >= 1 : undefined
    const outcome = outcomes ? outcomes.get(trajectory.id) : official
    const { counts: judged } = applyFilter(filter, [{ trajectory, verdicts: records(trajectory, of), outcome }])
    for (const count of ["total", "kept", "dropped", "unscored"] as const) counts[count] += judged[count]
    onTotal()
    if (judged.kept === 0) continue
    yield {
      trajectory,
      ...conversation(trajectory, format),
      verdicts: of,
      requestTools,
      tools,
      references,
      score: metrics && primaryMetric !== undefined ? { primaryMetric, metrics } : undefined,
      license,
    }
  }
}

function conversation(trajectory: Trajectory, format: ActionFormat): Pick<ExportItem, "messages" | "states"> {
  const states = trajectory.steps.map((_, index) => conversationBefore(trajectory, index, format).length)
  return { messages: conversationBefore(trajectory, trajectory.steps.length, format), states }
}

const records = ({ id }: Trajectory, verdicts: readonly (StepVerdict | undefined)[]): (VerdictRecord | undefined)[] =>
  verdicts.map((verdict, step) => verdict && { schema: "swirl.verdict/1", id: "", trajectoryId: id, step, ...verdict })

interface Parts {
  format: ActionFormat
  tools: FunctionTool[]
  requestTools: FunctionTool[]
  primaryMetric?: string
  license?: string
}

/** What all trajectories of a benchmark and action format share. A benchmark that is not loaded has neither tools nor metric. */
function itemParts({ registry }: StageContext) {
  const known = new Map<string, Promise<Parts>>()
  const open = async ({ benchmark: name, actionFormat }: Trajectory): Promise<Parts> => {
    const format = openFormat(registry, actionFormat)
    if (!registry.has("benchmarks", name)) return { format, tools: [], requestTools: [] }
    const { value } = registry.resolve("benchmarks", name)
    const tools = await toolsOf(registry, [value])
    const { primaryMetric, license } = value
    return { format, tools: tools.map(functionTool), requestTools: format.requestTools(tools), primaryMetric, license }
  }
  return {
    of(trajectory: Trajectory): Promise<Parts> {
      const key = JSON.stringify([trajectory.benchmark, trajectory.actionFormat])
      const parts = known.get(key) ?? open(trajectory)
      known.set(key, parts)
      return parts
    },
  }
}

const functionTool = ({ name, description, inputSchema }: NamedTool): FunctionTool => ({
  type: "function",
  name,
  description,
  inputSchema,
})
