import { join } from "node:path"
import { createRegistry, goldStepRecall, messageText } from "@swirl-ts/core"
import { promptContext, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { fileOf, load, record } from "../test/made-up.ts"
import hotpotqa, { createBenchmark } from "./index.ts"

const limits = createBenchmark("distractor").limits

describe("the benchmark", () => {
  test("shows worked examples from train as searches for the gold titles, never the question itself", async () => {
    const folder = temporaryFolder({
      "hotpot_train_v1.1.json": [record("lost", { supporting_facts: [["Paris", 0]] }), record("Po"), record("Don")],
      "hotpot_dev_distractor_v1.json": [record("Po")],
    })
    const [task] = await load(folder, { shots: 1 })
    const turns = createBenchmark("distractor")
      .prompt(task!, promptContext("tags", limits, ["search"]))
      .map(messageText)
    expect(turns[0]).toMatch(/few words[\s\S]*up to 5[\s\S]*Question: Where does Don flow\?$/)
    expect(turns.slice(1)).toEqual([
      "call Tiber",
      "Tiber -> Tiber: The Tiber is a river.",
      "call Rome",
      "Rome -> Rome: Rome is a city. It has seven hills.",
      "Rome",
      "Question: Where does Po flow?",
    ])
    const bare = createBenchmark("distractor").prompt(task!, promptContext("native", limits, []))
    expect(bare).toHaveLength(3)
    await expect(load(join(folder, "hotpot_dev_distractor_v1.json"), { shots: 1 })).rejects.toThrow(
      /holds dev and train/,
    )
  })

  test("gold steps are titles and sentences that observations show; a cut text shows no sentence", async () => {
    const [task] = await load(fileOf([record("a")]))
    const benchmark = createBenchmark("distractor")
    expect(benchmark.retrieval!.goldTitles(task!)).toEqual(["Tiber", "Rome"])
    const recall = (...texts: string[]) =>
      goldStepRecall(benchmark.goldSteps!(task!), {
        steps: texts.map((text, index) => ({
          index,
          kind: "tool",
          text: "",
          call: { tool: "search", input: {}, query: "" },
          observation: { text, isError: false },
          finishReason: "stop",
        })),
      })
    expect(recall("Rome: Rome is a city. It has seven hills.")).toEqual({
      gold_step_recall: 0.5,
      gold_sentence_recall: 2 / 3,
    })
    expect(recall("[1] Rome: Rome is a city. It…\n[2] Tiber: The…")).toEqual({
      gold_step_recall: 1,
      gold_sentence_recall: 1 / 3,
    })
    expect(recall()).toEqual({ gold_step_recall: 0, gold_sentence_recall: 0 })
  })

  test("titles in two Unicode forms meet; sentences that nobody has are left out", async () => {
    const title = "São Paulo"
    const nfd = [[title.normalize("NFD"), ["A city."]]]
    const [task] = await load(fileOf([record("a", { context: nfd, supporting_facts: [[title, 0]] })]))
    const steps = createBenchmark("fullwiki").goldSteps!(task!)
    expect(steps.map(({ metric }) => metric)).toEqual(["gold_step_recall"])
    expect(steps[0]!.seenIn({ tool: "search", text: `${title.normalize("NFD")}: A city.`, isError: false })).toBe(true)
  })

  test("scores an answer under the official names", async () => {
    const [task] = await load(fileOf([record("a")]))
    const benchmark = createBenchmark("distractor")
    expect(benchmark.score(task!, "the ROME!")).toEqual({ em: 1, f1: 1, prec: 1, recall: 1 })
    expect(benchmark.score(task!, "Rome Italy")).toEqual({ em: 0, f1: 2 / 3, prec: 0.5, recall: 1 })
    expect(benchmark.score(task!, undefined)).toEqual({ em: 0, f1: 0, prec: 0, recall: 0 })
  })

  test("both settings are found in a registry; options are checked", () => {
    const registry = createRegistry([hotpotqa({ shots: 2, levels: ["hard"] })])
    expect(registry.broken).toEqual([])
    expect(registry.list("benchmarks").map(({ fullName }) => fullName)).toEqual([
      "bench-hotpotqa/hotpotqa",
      "bench-hotpotqa/hotpotqa-fullwiki",
    ])
    expect(registry.resolve("benchmarks", "hotpotqa-fullwiki").value.splits).toEqual(["train", "dev", "test"])
    expect(() => hotpotqa({ shots: -1 })).toThrow(/shots/)
    expect(() => hotpotqa({ level: [] } as never)).toThrow(/level/)
  })
})
