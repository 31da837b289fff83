/** Two policies side by side: which questions one has right and the other wrong, and every one of them to open. */
import { useMemo } from "preact/hooks"
import { WhenLoaded } from "../parts/loaded.tsx"
import { OutcomeMark } from "../parts/marks.tsx"
import { count, plural } from "../parts/numbers.ts"
import { Rows } from "../parts/rows.tsx"
import { line } from "../parts/text.tsx"
import { useKeys } from "../state/keys.ts"
import { outcomeOf } from "../state/outcome.ts"
import { type Pair, type PairSet, pairSets, pairsOf, scoredPolicies, sharedCells } from "../state/pairs.ts"
import { goTo, lastList, linkTo, replaceQuery, route } from "../state/route.ts"
import type { Run } from "../state/run.ts"

export function CompareView({ run }: { run: Run }) {
  const cells = sharedCells(run)
  const { query } = route.value
  const cell = query.get("cell") ?? cells[0] ?? ""
  const policies = scoredPolicies(run, cell)
  const a = query.get("a") ?? policies[0] ?? ""
  const b = query.get("b") ?? policies.find((each) => each !== a) ?? a
  useKeys({ Escape: () => goTo("#/results") })
  return (
    <>
      <header class="view">
        <h1>Side by side</h1>
        <p class="note">
          The same questions, answered by two policies. A question that was asked several times counts by its mean.
        </p>
      </header>
      <div class="filters">
        <Pick
          name="Cell"
          value={cell}
          options={cells}
          onPick={(value) => goTo(linkTo("compare", undefined, { cell: value }))}
        />
        <Pick
          name="A"
          value={a}
          options={policies}
          onPick={(value) => goTo(linkTo("compare", undefined, { cell, a: value, b }))}
        />
        <Pick
          name="B"
          value={b}
          options={policies}
          onPick={(value) => goTo(linkTo("compare", undefined, { cell, a, b: value }))}
        />
      </div>
      <WhenLoaded run={run}>{() => <Pairs run={run} cell={cell} a={a} b={b} />}</WhenLoaded>
    </>
  )
}

interface PickProps {
  name: string
  value: string
  options: readonly string[]
  onPick(value: string): void
}

const Pick = ({ name, value, options, onPick }: PickProps) => (
  <label class="pick">
    <span>{name}</span>
    <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
      {[...new Set([...options, value])].map((option) => (
        <option key={option} value={option}>
          {line(option, 60)}
        </option>
      ))}
    </select>
  </label>
)

const setNames: Readonly<Record<PairSet, (a: string, b: string) => [title: string, about: string]>> = {
  worse: () => ["Got worse", "A right, B wrong"],
  better: () => ["Got better", "A wrong, B right"],
  "both right": () => ["Both right", "no difference"],
  "both wrong": () => ["Both wrong", "no difference"],
  other: () => ["Both partly", "the same score"],
  unpaired: () => ["Not paired", "a score on one side"],
}

function Pairs({ run, cell, a, b }: { run: Run; cell: string; a: string; b: string }) {
  const pairs = useMemo(() => pairsOf(run, cell, a, b), [run, cell, a, b])
  const sets = Map.groupBy(pairs, ({ set }) => set)
  const { query } = route.value
  const set = pairSets.find((each) => each === query.get("set")) ?? "worse"
  const shown = sets.get(set) ?? []
  const at = Number(query.get("at") ?? -1)
  const current = Math.max(
    0,
    shown.findIndex(({ question }) => question === at),
  )
  lastList.value = linkTo("compare", undefined, { ...Object.fromEntries(query), cell, a, b })
  return (
    <>
      <nav class="sets" aria-label="Sets of questions">
        {pairSets
          .filter((each) => sets.has(each) || each === "worse" || each === "better")
          .map((each) => {
            const [title, about] = setNames[each](a, b)
            return (
              <a
                key={each}
                class={`set ${each.replace(" ", "-")}`}
                href={linkTo("compare", undefined, { cell, a, b, set: each })}
                aria-current={each === set ? "true" : undefined}
              >
                <b>{count(sets.get(each)?.length ?? 0)}</b>
                <span>{title}</span>
                <span class="soft">{about}</span>
              </a>
            )
          })}
      </nav>
      <p class="found" role="status">
        {plural(shown.length, "question")}: {setNames[set](a, b)[0].toLowerCase()}, of{" "}
        {plural(pairs.length, "question")} of {line(cell)}
      </p>
      {shown.length > 0 && (
        <Rows
          label="Questions"
          class="pairs"
          columns={[
            { name: "question", title: "Question" },
            { name: "reference", title: "Counts as right" },
            { name: "a", title: `A: ${line(a, 40)}` },
            { name: "b", title: `B: ${line(b, 40)}` },
          ]}
          linked="question"
          count={shown.length}
          cells={(index) => pairCells(run, shown[index]!)}
          linkOf={(index) => pairLink(run, shown[index]!)}
          current={current}
          onCurrent={(index) => replaceQuery({ at: shown[index]?.question })}
          identity={`${cell} ${a} ${b} ${set}`}
        />
      )}
    </>
  )
}

function pairLink({ samples }: Run, { a, b }: Pair): string {
  const key = (sample: number | undefined) => (sample === undefined ? undefined : samples.key[sample])
  return linkTo("sample", key(a) ?? key(b)!, a === undefined ? {} : { beside: key(b) })
}

function pairCells(run: Run, { question, a, b }: Pair) {
  const { questions } = run
  return [
    line(questions.text[question]! || questions.task[question]!),
    line(questions.reference[question] ?? "–", 90),
    <Side key="a" run={run} sample={a} />,
    <Side key="b" run={run} sample={b} />,
  ]
}

function Side({ run, sample }: { run: Run; sample: number | undefined }) {
  if (sample === undefined) return <span class="soft">no score</span>
  return (
    <>
      <OutcomeMark outcome={outcomeOf(run.samples, sample)} isBare={true} />{" "}
      {line(run.samples.answer[sample] ?? "no answer", 80)}
    </>
  )
}
