/**
 * Judges by name, opened: one a benchmark, with the models they ask. A step judge gets prompt, conversation and action,
 * where it asks for them the siblings; only an oracle judge is handed the task, and what it touches is labelled as oracle.
 */
import {
  type ContributionKind,
  callPluginFor,
  contentHash,
  type EndpointCount,
  type Judge,
  type JudgeContext,
  type JudgeFactory,
  type JudgeRequest,
  type JudgeVerdict,
  nothingOffered,
  type OracleJudge,
  type OutcomeJudge,
  runAs,
  SwirlError,
  suggestion,
  type TaskReference,
  type Trajectory,
  whoseIs,
} from "@swirl-ts/core"
import type { RunSpec } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { taskLookup } from "../tasks.ts"
import { callResults } from "./call-results.ts"
import { conjunctionIdentity, conjunctionOf, judgeInConjunction, judgesNamed, optionsOfEach } from "./conjunction.ts"
import { safeVerdict, type TaskJudge } from "./judge-all.ts"
import { judgeModels } from "./judge-models.ts"
import { judgedAnswers, judgedTools } from "./judged-benchmark.ts"
import { type SiblingSets, siblingSets } from "./siblings.ts"

/** Options of a judge, e.g. `{ noise: 0.1 }`. */
export type JudgeOptions = Readonly<Record<string, unknown>>

/** What judges of steps and judges of answers share once they are open. */
interface Open<J> {
  readonly name: string
  readonly options: JudgeOptions
  readonly asksModel: boolean
  /** The judge of one benchmark (by its full name), made with what the benchmark says to it and with `options`, which go first. */
  of(benchmark: string): Promise<J>
  /** Name and settings as they stand in verdicts of one benchmark. */
  identity(benchmark: string): Promise<string>
  /** Requests so far to servers that take turns. */
  endpoints(): EndpointCount[]
  /** Closes the models that the judge asked. */
  close(): Promise<void>
}

export interface OpenOutcomeJudge extends Open<OutcomeJudge> {}

export interface OpenJudge extends Omit<Open<Judge | OracleJudge>, "of"> {
  readonly oracle: boolean
  /** It is shown the siblings of its question: its verdicts go by trajectories on record, and are stale when those are others. */
  readonly needsSiblings: boolean
  /** Settings of it that a calibration compares. */
  readonly compared: readonly JudgeOptions[]
  /** `sets`: the siblings, of a judge that asks for them; without, every question has none. */
  forTask(question: TaskReference, sets?: SiblingSets): Promise<TaskJudge>
  /** On fresh actions, by the same siblings whatever is sampled. */
  verdicts(requests: readonly JudgeRequest[], sets?: SiblingSets): Promise<JudgeVerdict[]>
}

/** Opens a judge or an oracle judge by name, or several in conjunction, as `a+b`; close it when done. */
export function openJudge(context: StageContext, name: string, options: JudgeOptions = {}): OpenJudge {
  const names = judgesNamed(name)
  if (name.includes(",") && !context.registry.has("judges", name))
    throw new SwirlError(
      `"${name}" is a list of judges, and one is wanted. For what all of them call good, write ${name.replaceAll(/\s*,\s*/g, "+")}.`,
      { kind: "usage" },
    )
  const isOne = names.length === 1 || context.registry.has("judges", name) || context.registry.has("oracles", name)
  return isOne ? openOne(context, name, options) : openConjunction(context, name, names, options)
}

function openConjunction(context: StageContext, name: string, names: string[], options: JudgeOptions): OpenJudge {
  if (new Set(names).size < names.length)
    throw new SwirlError(`The judge ${name} names one of its judges twice. Name each once.`, { kind: "usage" })
  const asksModel = (each: string): boolean => openOne(context, each).asksModel
  const own = optionsOfEach(names, options, asksModel)
  const judges = names.map((each, index) => openOne(context, each, own[index]))
  const any = (is: (judge: OpenJudge) => boolean): boolean => judges.some(is)
  return {
    name,
    options,
    asksModel: any((judge) => judge.asksModel),
    oracle: any(({ oracle }) => oracle),
    needsSiblings: any(({ needsSiblings }) => needsSiblings),
    compared: [],
    identity: async (benchmark) =>
      conjunctionIdentity(await Promise.all(judges.map((judge) => judge.identity(benchmark)))),
    forTask: async (question, sets) =>
      judgeInConjunction(names, await Promise.all(judges.map((judge) => judge.forTask(question, sets)))),
    async verdicts(requests, sets) {
      const all = await Promise.all(judges.map((judge) => judge.verdicts(requests, sets)))
      return requests.map((_, place) =>
        conjunctionOf(all.map((verdicts, index) => ({ ...verdicts[place]!, judge: names[index]! }))),
      )
    },
    endpoints: () => judges.flatMap((judge) => judge.endpoints()),
    async close() {
      for (const judge of judges) await judge.close()
    },
  }
}

function openOne(context: StageContext, name: string, options: JudgeOptions = {}): OpenJudge {
  const opened = openByName<Judge | OracleJudge>(context, ["judges", "oracles"], name, options)
  const oracle = opened.kind === "oracles"
  const { needs = [], compared = [] } = oracle ? {} : (opened.factory as Pick<JudgeFactory, "needs" | "compared">)
  const needsSiblings = needs.includes("siblings")
  const tasks = taskLookup(context)
  const results = callResults(context, tasks)
  const forTask: OpenJudge["forTask"] = async ({ benchmark, split, taskId }, sets = siblingSets([])) => {
    const judge = await opened.of(benchmark)
    if (oracle) {
      const known = await tasks.find(benchmark, split, taskId)
      return { identity: judge.identity, oracle, judge: (input) => (judge as OracleJudge).judge(input, known) }
    }
    if (!needsSiblings) return judge as Judge
    const { siblings, digest } = sets.of({ benchmark, split, taskId })
    const { identity, timeout, judge: judgeStep } = judge as Judge
    return {
      identity,
      timeout,
      siblings: digest,
      judge: (input, options) => judgeStep({ ...input, siblings }, options),
    }
  }
  const { abortSignal } = context
  const fresh = async (request: JudgeRequest, sets: SiblingSets | undefined): Promise<JudgeVerdict> => {
    const judge = await forTask(request, sets)
    if (!needsSiblings) return safeVerdict(judge, request.input, { abortSignal })
    const withResult: TaskJudge = {
      ...judge,
      judge: async (input, options) =>
        judge.judge({ ...input, action: { ...input.action, result: await results.of(request) } }, options),
    }
    return safeVerdict(withResult, request.input, { abortSignal })
  }
  return {
    ...opened,
    oracle,
    needsSiblings,
    compared,
    forTask,
    async close() {
      await results.close()
      await tasks.close()
      await opened.close()
    },
    verdicts: (requests, sets) => Promise.all(requests.map((request) => fresh(request, sets))),
  }
}

/** Opens a judge of final answers by name; close it when done. */
export function openOutcomeJudge(context: StageContext, name: string, options: JudgeOptions = {}): OpenOutcomeJudge {
  return openByName(context, ["outcomeJudges"], name, options)
}

const called = { judges: "judge", oracles: "judge", outcomeJudges: "outcome judge" } as const
type JudgeKind = keyof typeof called & ContributionKind

/** The first of the kinds that has the name goes. */
function openByName<J>(
  context: StageContext,
  kinds: readonly JudgeKind[],
  name: string,
  options: JudgeOptions,
): Open<J> & { kind: JudgeKind; factory: object } {
  const { registry, seed } = context
  const kind = kinds.find((each) => registry.has(each, name))
  if (!kind) {
    const names = kinds.flatMap((each) => registry.list(each).map((entry) => entry.name))
    throw new SwirlError(
      `There is no ${called[kinds[0]!]} "${name}".${suggestion(name, names)}${nothingOffered(names)}`,
      { kind: "usage" },
    )
  }
  const entry = registry.resolve<JudgeKind>(kind, name)
  const { value: factory, fullName, name: shortName } = entry
  /** What a benchmark has to say to judges of steps. */
  const benchmarkOptions = (benchmark: string): JudgeOptions => {
    if (kind === "outcomeJudges" || !registry.has("benchmarks", benchmark)) return {}
    const { judgeOptions = {} } = registry.resolve("benchmarks", benchmark).value
    return { ...judgeOptions[shortName], ...judgeOptions[fullName] }
  }
  const models = judgeModels(context)
  const contextOf = (benchmark: string): JudgeContext =>
    kind === "judges"
      ? { ...models.context, tools: judgedTools(registry, benchmark), answers: judgedAnswers(registry, benchmark) }
      : models.context
  const judges = new Map<string, Promise<J>>()
  const of = (benchmark: string): Promise<J> => {
    const known = judges.get(benchmark)
    if (known) return known
    const all = { ...benchmarkOptions(benchmark), ...options, benchmark, seed }
    const created = callPluginFor("judge", { whose: whoseIs(entry), what: "create" }, () =>
      factory.create(all, contextOf(benchmark)),
    ).then((judge) => underName(`the ${called[kind]} ${fullName}`, judge as AnyJudge) as J)
    judges.set(benchmark, created)
    return created
  }
  return {
    kind,
    factory,
    name,
    options,
    asksModel: factory.asksModel ?? false,
    of,
    identity: async (benchmark) => ((await of(benchmark)) as { identity: string }).identity,
    endpoints: models.endpoints,
    close: models.close,
  }
}

type AnyJudge = Pick<Judge, "identity" | "timeout"> & { judge(...given: never[]): unknown }

/** A judge whose verdicts are code under its name, whatever they do to the process. */
function underName(name: string, judge: AnyJudge): AnyJudge {
  const { identity, timeout } = judge
  return { identity, timeout, judge: (...given) => runAs(name, () => judge.judge(...given)) }
}

/** Benchmark -> name and settings of a judge in verdicts of its trajectories. */
export type Identities = Readonly<Record<string, string>>

export async function identitiesOf(
  judge: Pick<OpenJudge, "identity">,
  trajectories: readonly Pick<Trajectory, "benchmark">[],
): Promise<Identities> {
  const benchmarks = [...new Set(trajectories.map((trajectory) => trajectory.benchmark))].sort()
  return Object.fromEntries(
    await Promise.all(benchmarks.map(async (benchmark) => [benchmark, await judge.identity(benchmark)] as const)),
  )
}

/**
 * The stage of a judge as `run.json` records it. Judges that ask a model have one a setting, so that several fit in one
 * folder; their identities say all that can change a verdict, however the settings were given.
 */
export function judgeStage(
  kind: "judge" | "outcomes",
  { name, options, asksModel }: Pick<Open<unknown>, "name" | "options" | "asksModel">,
  identities: Identities,
): RunSpec {
  if (!asksModel) return { [`${kind}/${name}`]: { judge: name, options } }
  const sorted = [...new Set(Object.values(identities))].sort()
  return { [`${kind}/${name}/${contentHash(sorted, 8)}`]: { judge: name, identities: sorted } }
}
