/** The Benchmark contract: the same tasks each time, prompts that hold no answer, and a score that is 1 for the gold answer and 0 for none. */
import { inspect } from "node:util"
import {
  type ActionFormat,
  assistantMessage,
  type Benchmark,
  benchmarkTasks,
  firstPrompt,
  type Host,
  type Metrics,
  type NamedBenchmark,
  type NamedTool,
  type Prompt,
  scoreAnswer,
  shortName,
  type Task,
  taskCorpus,
  userMessage,
} from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { checkHost } from "../data/host.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"

// biome-ignore lint/suspicious/noExplicitAny: a benchmark's tasks are its own; they are only handed back to it
type AnyBenchmark = Benchmark<any>

export interface BenchmarkChecks<T extends Task = Task> extends CheckOptions {
  /** Splits that are loaded. Default: all. */
  splits?: readonly string[]
  /** The file or folder that `--data` would name. */
  dataPath?: string
  /** Tasks of each split that are looked at. Default: 20. */
  limit?: number
  /** An answer that is right. Default: the first of its `acceptedAnswers`, or its `answer`. */
  goldAnswer?(task: T): string | undefined
  host?: Host
}

/** Tests a benchmark. */
export function testBenchmark<T extends Task>(
  benchmark: Benchmark<T>,
  options: BenchmarkChecks<T> & TestOptions = {},
): void {
  register(`benchmark ${options.name ?? defaultName}`, benchmarkChecks(benchmark, options), options)
}

const defaultName = "benchmark"

/** The checks of `testBenchmark`. */
export function benchmarkChecks<T extends Task>(benchmark: Benchmark<T>, options: BenchmarkChecks<T> = {}): Check[] {
  const { name = defaultName, limit = 20, goldAnswer = rightAnswer } = options
  const subject = `The benchmark ${name}`
  assertOptions(subject, options, { splits: true, dataPath: true, limit: true, goldAnswer: true })
  const named: NamedBenchmark<T> = { fullName: name, value: benchmark }
  const splits = (): readonly string[] => options.splits ?? benchmark.splits
  const host = options.host ?? checkHost()

  const load = async (split: string, most = limit): Promise<T[]> => {
    const tasks: T[] = []
    for await (const task of benchmarkTasks(named, split, { host, dataPath: options.dataPath, limit: most })) {
      tasks.push(task)
      if (tasks.length > most) break
    }
    return tasks
  }
  let loaded: Promise<T[]> | undefined
  const tasks = (): Promise<T[]> => {
    loaded ??= Promise.all(splits().map((split) => load(split))).then((all) => all.flat())
    return loaded
  }
  /** Those whose answer is known; where none is, all: the benchmark may keep it elsewhere. */
  const scored = async (): Promise<T[]> => {
    const all = await tasks()
    const known = all.filter((task) => goldAnswer(task) !== undefined)
    return known.length > 0 ? known : all
  }
  const primary = async (task: T, answer: string | undefined): Promise<number> => {
    const metrics: Metrics = await scoreAnswer(named, task, answer)
    return metrics[benchmark.primaryMetric]!
  }

  const behaviours: Behaviours = {
    "is a benchmark that can be loaded": () =>
      assertShape("benchmarks", subject, options.name, benchmark as AnyBenchmark),
    "loads every split": async () => {
      for (const split of splits()) {
        if ((await load(split, 1)).length > 0) continue
        fail(`its split "${split}" has no task. Leave it out of \`splits\`, or see what \`load\` reads for it.`)
      }
    },
    "gives every task an id of its own and a question": async () => {
      for (const split of splits()) {
        const seen = new Set<string>()
        for (const { id, question } of await load(split)) {
          if (typeof id !== "string" || id === "")
            fail(`a task of "${split}" has the id ${shown(id)}, which is no text.`)
          if (seen.has(id))
            fail(`two tasks of "${split}" have the id "${id}". Ids have to be unique, e.g. ${split}/17.`)
          seen.add(id)
          if (typeof question !== "string" || question.trim() === "") fail(`the task "${id}" has no question.`)
        }
      }
    },
    "gives the same tasks each time": async () => {
      for (const split of splits()) {
        const [first, second] = [await load(split), await load(split)].map((all) =>
          all.map(({ id, question, answer }) => JSON.stringify({ id, question, answer })),
        )
        const at = first!.findIndex((task, index) => task !== second![index])
        if (at === -1 && first!.length === second!.length) continue
        fail(
          `"${split}" gave ${shown(first![at])} and, loaded again, ${shown(second![at])}. Draw what is random from a seed: random(seedFrom(…)).`,
        )
      }
    },
    "reads no further than its limit": async () => {
      for (const split of splits()) {
        const [two, all] = [await load(split, 2), await load(split)]
        if (two.length > 2) fail(`load("${split}", { limit: 2 }) gave more than 2 tasks. Stop after \`limit\`.`)
        if (two.some(({ id }, index) => id !== all[index]?.id)) {
          fail(`load("${split}", { limit: 2 }) gives other tasks than the first two without that limit.`)
        }
      }
    },
    "leaves its tasks as they are": async () => {
      // Loaded anew: other checks have asked and scored the others.
      for (const task of (await Promise.all(splits().map((split) => load(split)))).flat()) {
        const [id, gold] = [task.id, goldAnswer(task)]
        const before = contentOf(task)
        const unchanged = (what: string): void => {
          if (contentOf(task) === before) return
          fail(`\`${what}\` changes the task "${id}", which others read after it. Copy what you change: { ...task }.`)
        }
        await tried(() => promptOf(named, task))
        unchanged("prompt")
        await tried(() => scoreAnswer(named, task, gold))
        unchanged("score")
      }
    },
    "asks its questions in messages, the same each time": async () => {
      for (const task of await tasks()) {
        const [first, second] = [promptOf(named, task), promptOf(named, task)]
        if (first.length === 0) fail(`the prompt of "${task.id}" has no message. Begin with userMessage("…").`)
        if (JSON.stringify(first) !== JSON.stringify(second)) fail(`the prompt of "${task.id}" is another each time.`)
      }
    },
    "shows no answer in its prompts": async () => {
      for (const task of await tasks()) {
        const open = JSON.stringify(promptOf(named, task))
        if (open === JSON.stringify(promptOf(named, withOtherAnswer(task)))) continue
        fail(`the prompt of "${task.id}" depends on the task's answer. Write it from the question alone.`)
      }
    },
    "scores the gold answer 1": async () => {
      const known = (await tasks()).filter((task) => goldAnswer(task) !== undefined)
      if (known.length === 0) return { skipped: "its tasks have no `answer`; give goldAnswer: (task) => …" }
      for (const task of known) {
        const [gold, score] = [goldAnswer(task), await primary(task, goldAnswer(task))]
        if (score === 1) continue
        fail(`its gold answer ${shown(gold)} to "${task.id}" scores ${benchmark.primaryMetric} ${score}, not 1.`)
      }
    },
    "scores no answer 0": async () => {
      for (const task of await scored()) {
        const score = await primary(task, undefined)
        if (score !== 0) fail(`no answer to "${task.id}" scores ${benchmark.primaryMetric} ${score}, not 0.`)
      }
    },
    "scores whatever it is answered by numbers in [0, 1]": async () => {
      const [task] = await scored()
      if (!task) return
      for (const [, answer] of hostileAndHuge) await scoreAnswer(named, task, answer)
    },
    "gives passages that can be searched": async () => {
      const [task] = await tasks()
      const corpus = task && taskCorpus(named, task)
      if (!corpus) return { skipped: "it has no passages" }
      let count = 0
      for await (const { title, text } of corpus.passages()) {
        if (typeof title !== "string" || typeof text !== "string") {
          fail(
            `passage ${count} of ${corpus.id} is { title: ${shown(title)}, text: ${shown(text)} }; both have to be text.`,
          )
        }
        if (++count === 1_000) break
      }
    },
  }
  return checksOf(subject, behaviours, options)
}

/** What it fails by is told by another check. */
async function tried(work: () => unknown): Promise<void> {
  try {
    await work()
  } catch {}
}

/** Of whatever a task holds, functions and what JSON has not included. */
const contentOf = (task: Task): string =>
  inspect(task, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Number.POSITIVE_INFINITY })

const rightAnswer = ({ acceptedAnswers, answer }: Task): string | undefined => acceptedAnswers?.[0] ?? answer

function promptOf<T extends Task>(benchmark: NamedBenchmark<T>, task: T): Prompt {
  const { tools, limits } = benchmark.value
  return firstPrompt(benchmark, task, { format: plainFormat, tools: tools.map(standIn), limits })
}

/** An action format as simple as can be, for prompts alone. */
const plainFormat: ActionFormat = {
  name: "plain",
  description: "for prompts alone",
  requestTools: () => [],
  parse: () => ({ kind: "malformed", reason: "nothing is read here" }),
  write: (action) => ({ text: action.kind === "tool" ? `call ${action.query}` : action.answer, toolCalls: [] }),
  turn: ({ text }) => assistantMessage(text),
  reply: (action, { text }) => [userMessage(action.kind === "tool" ? `${action.query} -> ${text}` : text)],
  describe: (tools) => `You can call ${tools.map(({ name }) => name).join(", ") || "nothing"}.`,
}

/** A tool by its name alone: whose it is, the prompt need not know. */
function standIn({ name }: { name: string }): NamedTool {
  const short = shortName(name)
  return {
    name: short,
    tag: { name: short, argument: "query" },
    description: `Stands for ${short}.`,
    inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  }
}

const answerName = /answer|solution|gold|reference|target|label|expected/i

/** The same task with another answer wherever one stands. */
function withOtherAnswer<T extends Task>(task: T): T {
  const other = "an answer that is none"
  const fields = Object.entries(task).filter(
    ([field, value]) => field !== "id" && field !== "question" && (answerName.test(field) || value === task.answer),
  )
  const changed = fields.flatMap(([field, value]) => {
    if (typeof value === "string") return [[field, other]]
    return Array.isArray(value) && value.every((each) => typeof each === "string") ? [[field, [other]]] : []
  })
  return { ...task, ...Object.fromEntries(changed) }
}
