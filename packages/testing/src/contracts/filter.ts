/** The Filter contract: pure, the same answer to the same trajectory, and nothing unscored counts as good. */
import type { Filter, FilterInput, Trajectory } from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { assertUnchanged } from "../checks/unchanged.ts"
import { sampleTrajectories, trajectoryOf, verdictOf } from "../data/conversations.ts"

export interface FilterChecks extends CheckOptions {
  /** What it has to keep. */
  kept?: readonly FilterInput[]
  /** What it has to drop. */
  dropped?: readonly FilterInput[]
}

/** Tests a filter. */
export function testFilter(filter: Filter, options: FilterChecks & TestOptions = {}): void {
  register(`filter ${options.name ?? defaultName}`, filterChecks(filter, options), options)
}

const defaultName = "filter"

/** The checks of `testFilter`. */
export function filterChecks(filter: Filter, options: FilterChecks = {}): Check[] {
  const { name = defaultName, kept = [], dropped = [] } = options
  const subject = `The filter ${name}`
  assertOptions(subject, options, { kept: true, dropped: true })
  /** Copies each time: what one check does to them is no other's. */
  const all = (): FilterInput[] => structuredClone([...samples, ...kept, ...dropped])
  const decides = (inputs: readonly FilterInput[], wanted: boolean): void => {
    for (const input of structuredClone([...inputs])) {
      if (filter.keep(input) === wanted) continue
      fail(`it ${wanted ? "drops" : "keeps"} ${described(input)}, which it should ${wanted ? "keep" : "drop"}.`)
    }
  }
  const behaviours: Behaviours = {
    "is a filter that can be loaded": () => assertShape("filters", subject, options.name, filter),
    ...(kept.length > 0 ? { "keeps what it should": () => decides(kept, true) } : {}),
    ...(dropped.length > 0 ? { "drops what it should": () => decides(dropped, false) } : {}),
    "says true or false of every trajectory": () => {
      for (const input of all()) {
        const answer: unknown = filter.keep(input)
        if (typeof answer === "boolean") continue
        const given =
          answer instanceof Promise ? "a promise; a filter asks nobody, `needs` says what it is given" : String(answer)
        fail(`keep gave ${given} for ${described(input)}, in place of true or false.`)
      }
    },
    "says the same of the same trajectory": () => {
      const first = all().map((input) => filter.keep(input))
      const second = all()
        .toReversed()
        .map((input) => filter.keep(input))
      const at = first.findIndex((answer, index) => answer !== second.toReversed()[index])
      if (at === -1) return
      fail(
        `it says ${first[at]} and then ${!first[at]} of ${described(all()[at]!)}. Remember nothing between trajectories.`,
      )
    },
    "leaves what it is given as it is": async () => {
      for (const input of all()) await assertUnchanged(described(input), input, (given) => filter.keep(given))
    },
    "keeps nothing that it needs a verdict or an outcome of, and has none": () => {
      const needs = filter.needs ?? []
      for (const input of all()) {
        if (needs.includes("outcome") && input.outcome === undefined && filter.keep(input)) {
          fail(
            `it keeps ${described(input)} without an outcome, which it needs. Unscored is no good: ask outcome === true.`,
          )
        }
        if (needs.includes("process") && unscored(input) && filter.keep(input)) {
          fail(`it keeps ${described(input)}, though a step has no verdict, which it needs. Unscored is no good.`)
        }
      }
    },
    "looks at nothing that it does not ask for": () => {
      const needs = filter.needs ?? []
      for (const trajectory of structuredClone([...trajectories])) {
        const views = samplesOf(trajectory).map((input) => ({
          trajectory,
          verdicts: needs.includes("process") ? good(trajectory) : input.verdicts,
          outcome: needs.includes("outcome") ? true : input.outcome,
        }))
        const answers = views.map((view) => filter.keep(view))
        if (new Set(answers).size < 2) continue
        fail(
          `what it says of ${described(views[0]!)} depends on verdicts or an outcome that it does not ask for. Name them in \`needs\`, so that they are computed.`,
        )
      }
    },
  }
  return checksOf(subject, behaviours, options)
}

const long = trajectoryOf(
  "long",
  "How long can this go on?",
  Array.from({ length: 2_000 }, () => [{ kind: "tool", tool: "search", input: { query: "on" }, query: "on" }, "on"]),
)
const trajectories: readonly Trajectory[] = [
  ...sampleTrajectories,
  { ...sampleTrajectories[0]!, id: "failed", status: "error", error: "the server is gone" },
  long,
]

const good = (trajectory: Trajectory): FilterInput["verdicts"] =>
  trajectory.steps.map((_, step) => verdictOf(trajectory, step, "good"))

/** One trajectory under every kind of verdict and outcome. */
function samplesOf(trajectory: Trajectory): FilterInput[] {
  const last = trajectory.steps.length - 1
  const changed = (verdict: "bad" | "unscored" | undefined): FilterInput["verdicts"] =>
    good(trajectory).map((each, step) => (step < last ? each : verdict && verdictOf(trajectory, step, verdict)))
  const verdicts = [good(trajectory), changed("bad"), changed("unscored"), changed(undefined)]
  return verdicts.flatMap((each) =>
    [true, false, undefined].map((outcome) => ({ trajectory, verdicts: each, outcome })),
  )
}

const samples = trajectories.flatMap(samplesOf)

const unscored = ({ trajectory, verdicts }: FilterInput): boolean =>
  trajectory.steps.some((_, step) => (verdicts[step]?.verdict ?? "unscored") === "unscored")

function described({ trajectory, verdicts, outcome }: FilterInput): string {
  const words = trajectory.steps.map((_, step) => verdicts[step]?.verdict ?? "not judged")
  const shown = words.length > 5 ? `${words.length} steps` : `steps ${words.join(", ") || "none"}`
  return `the trajectory "${trajectory.id}" (${shown}; outcome ${outcome})`
}
