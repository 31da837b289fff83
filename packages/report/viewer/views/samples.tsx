/** Every sample of the run: found by words, narrowed by choices, put in order by a column. Right, wrong and failed alike. */
import { useComputed, useSignal } from "@preact/signals"
import { useEffect, useMemo, useRef } from "preact/hooks"
import { WhenLoaded } from "../parts/loaded.tsx"
import { OutcomeMark } from "../parts/marks.tsx"
import { count, plural } from "../parts/numbers.ts"
import { type RowColumn, Rows } from "../parts/rows.tsx"
import { line } from "../parts/text.tsx"
import { matching, type SampleQuery, type SortName, sampleQuery, sortNames, stepKinds } from "../state/filter.ts"
import { useKeys } from "../state/keys.ts"
import { outcomeOf, outcomes } from "../state/outcome.ts"
import { lastList, linkTo, replaceQuery, route } from "../state/route.ts"
import { cellOf, groupOf, progress, type Run } from "../state/run.ts"
import { shownSamples } from "../state/shown.ts"

export function SamplesView({ run }: { run: Run }) {
  return (
    <>
      <header class="view">
        <h1>Samples</h1>
      </header>
      <WhenLoaded run={run}>{() => <Browser run={run} />}</WhenLoaded>
    </>
  )
}

function Browser({ run }: { run: Run }) {
  const { query: parameters } = route.value
  const { at: _, ...rest } = Object.fromEntries(parameters)
  const identity = JSON.stringify(rest)
  const query = sampleQuery(parameters)
  const found = useMemo(() => matching(run, query), [run, identity, progress.value.isWhole])
  const current = Math.max(0, found.indexOf(Number(parameters.get("at") ?? -1)))
  useEffect(() => {
    shownSamples.value = found
    lastList.value = linkTo("samples", undefined, Object.fromEntries(parameters))
  })
  return (
    <>
      <Filters run={run} query={query} />
      <p class="found" role="status">
        {found.length === run.samples.count
          ? plural(found.length, "sample")
          : `${count(found.length)} of ${plural(run.samples.count, "sample")}`}
      </p>
      {found.length === 0 ? (
        <p class="nothing">
          No sample is like that. <a href="#/samples">Show all of them</a>
        </p>
      ) : (
        <Rows
          label="Samples"
          class="samples"
          columns={columnsFor(run, query)}
          linked="question"
          count={found.length}
          cells={(index) => cellsOf(run, found[index]!)}
          linkOf={(index) => linkTo("sample", run.samples.key[found[index]!]!)}
          current={current}
          onCurrent={(index) => replaceQuery({ at: found[index] })}
          identity={identity}
        />
      )}
    </>
  )
}

const titles: readonly [name: SortName, title: string, about: string, isNumber?: boolean][] = [
  ["outcome", "Outcome", "By the benchmark's own metric"],
  ["question", "Question", "What was asked"],
  ["answer", "Answer", "What the policy answered; below it, what counts as right"],
  ["policy", "Policy", "Who answered"],
  ["cell", "Cell", "Benchmark and split"],
  ["steps", "Steps", "Turns of the policy", true],
  ["bad", "Bad steps", "Steps that a judge called bad, of those it judged", true],
  ["tokens", "Tokens", "Read and written by the policy", true],
]

function columnsFor({ summary }: Run, { sort, descending }: SampleQuery): RowColumn[] {
  const hasVerdicts = summary.judges.length > 0
  return titles
    .filter(([name]) => name !== "bad" || hasVerdicts)
    .map(([name, title, about, isNumber]) => ({
      name,
      title,
      about,
      isNumber,
      sort: {
        way: sort !== name ? "none" : descending ? "descending" : "ascending",
        by: () => {
          // Numbers are asked for by their largest first.
          const next =
            sort !== name
              ? isNumber
                ? `-${name}`
                : name
              : descending === !!isNumber
                ? isNumber
                  ? name
                  : `-${name}`
                : ""
          replaceQuery({ sort: next, at: undefined })
        },
      },
    }))
}

function cellsOf(run: Run, sample: number) {
  const { samples, questions, summary } = run
  const group = groupOf(run, sample)
  const question = samples.question[sample]!
  const [answer, reference, error] = [samples.answer[sample], questions.reference[question], samples.error[sample]]
  const judged = samples.good[sample]! + samples.bad[sample]!
  return [
    <OutcomeMark key="outcome" outcome={outcomeOf(samples, sample)} />,
    line(questions.text[question]! || questions.task[question]!),
    <>
      <span class="answer">
        {answer === null || answer === undefined ? (error ? line(error, 90) : "no answer") : line(answer, 90)}
      </span>
      {reference !== null && reference !== undefined && <span class="detail">right: {line(reference, 90)}</span>}
    </>,
    <>
      <span>{line(group.label, 60)}</span>
      {group.stage !== "evaluate" && <span class="detail">{group.stage}</span>}
    </>,
    line(cellOf(run, group), 60),
    samples.steps[sample]!,
    ...(summary.judges.length > 0
      ? [
          judged + samples.unscored[sample]! === 0 ? (
            <span class="soft">–</span>
          ) : (
            <>
              {samples.bad[sample]} <span class="soft">of {judged}</span>
              {samples.disputed[sample]! > 0 && <span class="detail">judges differ</span>}
            </>
          ),
        ]
      : []),
    count(samples.inputTokens[sample]! + samples.outputTokens[sample]!),
  ]
}

function Filters({ run, query }: { run: Run; query: SampleQuery }) {
  const field = useRef<HTMLInputElement>(null)
  const typed = useSignal(query.text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isFiltered = useComputed(() => [...route.value.query.keys()].some((name) => name !== "at" && name !== "sort"))
  const { summary } = run
  const search = (text: string) => {
    typed.value = text
    clearTimeout(timer.current)
    timer.current = setTimeout(() => replaceQuery({ q: text, at: undefined }), 120)
  }
  // The back button changes the words too.
  useEffect(() => {
    typed.value = query.text
  }, [query.text, typed])
  useKeys({
    "/": () => field.current?.focus(),
    Escape: () => {
      if (document.activeElement === field.current) {
        if (typed.value !== "") search("")
        else field.current?.blur()
      } else if (isFiltered.value) location.hash = "#/samples"
    },
  })
  const choose = (name: string) => (value: string) => replaceQuery({ [name]: value, at: undefined })
  const names = <Value,>(values: readonly Value[]) => [...new Set(values)]
  return (
    <search class="filters">
      <label class="find">
        <span class="unseen">Find in questions, answers and errors</span>
        <input
          ref={field}
          type="search"
          placeholder="Find in questions, answers, errors  ( / )"
          value={typed.value}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </label>
      <Choice name="Outcome" all="any outcome" value={query.outcome} options={outcomes} onChoice={choose("outcome")} />
      <Choice
        name="Policy"
        all="all policies"
        value={query.policy}
        options={names(summary.groups.map(({ label }) => label))}
        onChoice={choose("policy")}
      />
      <Choice
        name="Cell"
        all="all cells"
        value={query.cell}
        options={names(summary.groups.map((group) => cellOf(run, group)))}
        onChoice={choose("cell")}
      />
      <Choice
        name="Stage"
        all="all stages"
        value={query.stage}
        options={names(summary.groups.map(({ stage }) => stage))}
        onChoice={choose("stage")}
      />
      <Choice
        name="Steps"
        all="any steps"
        value={query.steps}
        options={stepKinds.filter(
          (kind) => summary.judges.length > 0 || kind === "malformed" || kind === "tool errors",
        )}
        say={(kind) =>
          ({
            bad: "with a bad step",
            disputed: "judges differ",
            unscored: "a verdict is missing",
            malformed: "with an unreadable step",
            "tool errors": "with a tool error",
          })[kind]
        }
        onChoice={choose("steps")}
      />
      <div class="sort-choice choice">
        <Choice
          name="Sort"
          all="in order"
          value={query.sort === "place" ? undefined : query.sort}
          options={sortNames.filter((name) => name !== "place")}
          say={(name) => `by ${name}`}
          onChoice={choose("sort")}
        />
      </div>
      {isFiltered.value && (
        <a class="clear" href="#/samples">
          Clear
        </a>
      )}
    </search>
  )
}

interface ChoiceProps<Name extends string> {
  name: string
  all: string
  value?: Name
  options: readonly Name[]
  say?(option: Name): string
  onChoice(value: string): void
}

/** Nothing to choose where there is one of it. */
function Choice<Name extends string>({ name, all, value, options, say = line, onChoice }: ChoiceProps<Name>) {
  if (options.length < 2 && value === undefined) return null
  return (
    <label class="choice">
      <span class="unseen">{name}</span>
      <select
        value={value ?? ""}
        class={value === undefined ? undefined : "chosen"}
        onChange={(event) => onChoice(event.currentTarget.value)}
      >
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {say(option)}
          </option>
        ))}
      </select>
    </label>
  )
}
