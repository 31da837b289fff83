/**
 * What the environment gives for a call that was not made, for judges that compare results: the call is made on tools bound
 * anew for the task, after the earlier calls of its conversation. Only tools that say that they are repeatable are called.
 */
import { askedTools, type JudgeRequest, type Observation, type OpenToolServices, toolServices } from "@swirl-ts/core"
import { bindTools, callWithinLimits, disposeTools } from "@swirl-ts/runner"
import { type StageContext, toolCallSettings } from "../context.ts"
import type { TaskLookup } from "../tasks.ts"

export interface CallResults {
  /** Undefined for what is no call, and for one that may not be made. */
  of(request: JudgeRequest): Promise<Observation | undefined>
  close(): Promise<void>
}

export function callResults(context: StageContext, tasks: TaskLookup): CallResults {
  const { registry, host, abortSignal } = context
  let services: OpenToolServices | undefined
  return {
    async of({ input: { conversation, action }, benchmark: name, split, taskId }) {
      const asked = action.action
      if (asked.kind !== "tool") return undefined
      const benchmark = registry.resolve("benchmarks", name)
      const entries = askedTools(registry, benchmark.value).filter(({ value }) => value.isRepeatable)
      if (!entries.some((entry) => entry.name === asked.tool)) return undefined
      services ??= toolServices(registry, host)
      const tools = Object.fromEntries(entries.map((entry) => [entry.name, entry.value]))
      // Without passages no tool is bound to anything of the task.
      const task = benchmark.value.corpus
        ? await tasks.find(benchmark.fullName, split, taskId)
        : { id: taskId, question: "" }
      const bound = await bindTools(tools, benchmark, task, { ...services, taskId, split, abortSignal })
      try {
        const calls = [...conversation.map((step) => step.action), asked]
        let last: Observation | undefined
        for (const [index, call] of calls.entries()) {
          const entry = call.kind === "tool" ? entries.find((each) => each.name === call.tool) : undefined
          if (call.kind !== "tool" || !entry) continue
          last = await callWithinLimits(bound[call.tool]!, call.input, {
            ...toolCallSettings(context, entry.fullName),
            name: call.tool,
            taskId,
            toolCallId: String(index),
            messages: [],
            abortSignal,
          })
        }
        return last
      } finally {
        await disposeTools(bound, tools, host)
      }
    },
    close: async () => services?.close(),
  }
}
