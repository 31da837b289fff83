/** The tools of a benchmark as its judges know them: by name and by their own rules. */
import { askedTools, checkToolInput, type JudgedTool, type Registry, type Tool } from "@swirl-ts/core"

/** Undefined where the benchmark or one of its tools is not loaded. */
export function judgedTools(registry: Registry, benchmark: string): JudgedTool[] | undefined {
  if (!registry.has("benchmarks", benchmark)) return undefined
  const { value } = registry.resolve("benchmarks", benchmark)
  if (!value.tools.every(({ name }) => registry.has("tools", name))) return undefined
  return askedTools(registry, value).map(({ name, fullName, plugin, value: tool }) => ({
    name,
    identity: `${fullName} ${plugin.meta.version}`,
    isSupported: tool.isSupported && onValidInput(tool),
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
