/** Tools bound to what one task offers, for as long as its trajectory lasts: what was bound is disposed, whatever the end. */
import {
  callPluginFor,
  type Host,
  isSameName,
  type NamedBenchmark,
  type Task,
  type Tool,
  type ToolContext,
  taskCorpus,
} from "@swirl-ts/core"
import { inTime, letGo } from "@swirl-ts/kit"
import { loadToolSchemas, type Tools } from "./named-tools.ts"
import { grace } from "./tool-call.ts"

/** What the tools are told beside passages and options. */
export type BindContext = Omit<ToolContext, "corpus" | "options">

/** Every tool bound to the task's passages and the benchmark's options for it; tools that need none stay as they are. */
export async function bindTools<T extends Task>(
  tools: Tools,
  benchmark: NamedBenchmark<T>,
  task: T,
  context: BindContext = {},
): Promise<Record<string, Tool>> {
  return bindEach(tools, (name) => {
    const asked = benchmark.value.tools.find((entry) => isSameName(entry.name, name))
    const whose = `Tool ${asked?.name ?? name} (of benchmark ${benchmark.fullName})`
    return { whose, context: { ...context, corpus: taskCorpus(benchmark, task), options: asked?.options ?? {} } }
  })
}

/** Every tool bound to its own context, and said as `whose` where that fails: then what was bound before is disposed. */
export async function bindEach(
  tools: Tools,
  to: (name: string) => { whose: string; context: ToolContext },
): Promise<Record<string, Tool>> {
  const bound: Record<string, Tool> = {}
  let host: Host | undefined
  try {
    for (const [name, tool] of Object.entries(tools)) {
      const { whose, context } = to(name)
      host = context.host
      bound[name] = tool.bind ? await bind(whose, tool, context) : tool
    }
    await loadToolSchemas(bound)
    return bound
  } catch (error) {
    await disposeTools(bound, tools, host)
    throw error
  }
}

/** An index may take hours to build, so there is no deadline; an abort does not wait for what ignores it. */
const bind = (whose: string, tool: Tool, context: ToolContext): Promise<Tool> =>
  inTime(
    () =>
      callPluginFor("tool", { whose, what: "bind", taskId: context.taskId, abortSignal: context.abortSignal }, () =>
        tool.bind!(context),
      ),
    {
      milliseconds: Number.POSITIVE_INFINITY,
      late: "",
      abortSignal: context.abortSignal,
      grace,
    },
  )

/** Disposes what `bindTools` has bound of `tools`. Never throws: what goes wrong is said to the host's log. */
export async function disposeTools(
  bound: Readonly<Record<string, Tool>>,
  tools: Tools,
  host?: Pick<Host, "log">,
): Promise<void> {
  for (const [name, tool] of Object.entries(bound)) {
    if (!tools[name]?.bind || !tool.dispose) continue
    const whose = `the tool ${name}`
    await letGo(() => tool.dispose!(), { what: "dispose", whose, host, seconds: grace / 1000 })
  }
}
