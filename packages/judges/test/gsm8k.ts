/** GSM8K's own solutions as trajectories: their annotations `<<48/2=24>>` are the calls, `#### 72` is the answer. */
import { type Trajectory, userMessage } from "@swirl-ts/core"

type Solution = Pick<Trajectory, "prompt" | "steps">

export function* solutions(jsonl: string): Generator<Solution> {
  for (const line of jsonl.split("\n").filter(Boolean)) {
    const { question, answer } = JSON.parse(line) as { question: string; answer: string }
    const steps: Solution["steps"] = [...answer.matchAll(/<<([^<>=]*)=([^<>]*)>>/g)].map(
      ([, query, result], index) => ({
        index,
        kind: "tool",
        text: `<math_exp>${query}</math_exp>`,
        call: { tool: "calculator", input: { expression: query }, query: query! },
        observation: { text: String(Number(result!.replace(/[,$%]/g, ""))), isError: false },
        finishReason: "stop",
      }),
    )
    const gold = answer.split("####")[1]!.trim()
    steps.push({ index: steps.length, kind: "answer", text: gold, answer: gold, finishReason: "stop" })
    yield { prompt: [userMessage(`You may make up to 10 calls.\n\nQuestion: ${question}`)], steps }
  }
}
