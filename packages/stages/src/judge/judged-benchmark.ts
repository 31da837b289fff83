/** A benchmark as its judges know it: its tools, by name and by their own rules, and how its answers are compared. */
import {
  askedTools,
  checkToolInput,
  isSameName,
  type JudgedAnswers,
  type JudgedTool,
  type Registry,
  type Tool,
} from "@swirl-ts/core"

/** Undefined where the benchmark or one of its tools is not loaded. */
export function judgedTools(registry: Registry, benchmark: string): JudgedTool[] | undefined {
  if (!registry.has("benchmarks", benchmark)) return undefined
  const { value } = registry.resolve("benchmarks", benchmark)
  if (!value.tools.every(({ name }) => registry.has("tools", name))) return undefined
  const optionsFor = (fullName: string) => value.tools.find((asked) => isSameName(asked.name, fullName))?.options ?? {}
  return askedTools(registry, value).map(({ name, fullName, plugin, value: tool }) => ({
    name,
    identity: `${fullName} ${plugin.meta.version}`,
    isSupported: tool.isSupported && onValidInput(tool),
    resultKeys: tool.resultKeys && ((text) => tool.resultKeys!(text, optionsFor(fullName))),
  }))
}

function onValidInput(tool: Tool): NonNullable<JudgedTool["isSupported"]> {
  return async (input, seen) => {
    const checked = await checkToolInput(tool, input)
    if (!checked.issues) return tool.isSupported!(checked.value, seen)
    return {
      supported: false,
      reason: `its input is invalid: ${checked.issues.map(({ message }) => message).join("; ")}`,
    }
  }
}

/** Undefined where the benchmark is not loaded, or does not say when two answers are the same. */
export function judgedAnswers(registry: Registry, benchmark: string): JudgedAnswers | undefined {
  if (!registry.has("benchmarks", benchmark)) return undefined
  const { value, fullName, plugin } = registry.resolve("benchmarks", benchmark)
  if (!value.answerKey) return undefined
  return { identity: `${fullName} ${plugin.meta.version}`, keyOf: (answer) => value.answerKey!(answer) }
}
