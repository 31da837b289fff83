/** Other people's tools and models where they are really used: in a trajectory of a benchmark, through the registry. */
import { strict as assert } from "node:assert"
import {
  type Benchmark,
  createRegistry,
  definePlugin,
  type GivenTool,
  type LanguageModel,
  type Step,
  type Task,
  type Trajectory,
  userMessage,
} from "@swirl-ts/core"
import { benchmarkTools, formats, native, runTrajectory } from "@swirl-ts/runner"

type ToolsByName = Record<string, GivenTool>

/** One question, put to `model` with the tools. */
export async function ask(model: LanguageModel, tools: ToolsByName): Promise<Trajectory> {
  const plugin = definePlugin({ meta: { name: "foreign", version: "1.0.0", apiVersion: 1 }, tools })
  const registry = createRegistry([plugin, formats()])
  assert.deepEqual(registry.broken, [])
  const benchmark: Benchmark<Task> = {
    description: "One question.",
    splits: ["test"],
    tools: Object.keys(tools).map((name) => ({ name })),
    limits: { toolCalls: 9, steps: 10, stepTokens: 100, trajectoryTokens: 10_000 },
    async *load() {},
    prompt: ({ question }) => [{ role: "system", content: "Be brief." }, userMessage(question)],
    score: () => ({ exact: 1 }),
    primaryMetric: "exact",
  }
  return runTrajectory({
    benchmark: { value: benchmark, fullName: "foreign/question", split: "test" },
    model,
    tools: benchmarkTools(registry, benchmark),
    format: native,
    task: { id: "test/0", question: "What is the weather?" },
    seed: 7,
    policy: "compat",
    retry: { attempts: 2, firstDelay: 1 },
  })
}

/** What a tool says to each input, called as a model would. */
export async function observations(tools: ToolsByName, name: string, inputs: object[]): Promise<Step["observation"][]> {
  const turns = inputs.map((input, index) => ({
    type: "tool-call" as const,
    toolCallId: `call-${index}`,
    toolName: name,
    input: JSON.stringify(input),
  }))
  const model: LanguageModel = {
    specificationVersion: "v3",
    provider: "scripted",
    modelId: "scripted",
    doGenerate: async ({ prompt }) => {
      const turn = turns[prompt.filter(({ role }) => role === "assistant").length]
      return {
        content: turn ? [turn] : [{ type: "text", text: "done" }],
        finishReason: "stop",
        usage: { inputTokens: 10, outputTokens: 5 },
      }
    },
  }
  const trajectory = await ask(model, tools)
  assert.equal(trajectory.status, "answered", trajectory.error)
  return trajectory.steps.slice(0, -1).map(({ observation }) => observation)
}
