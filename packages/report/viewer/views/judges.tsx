/** The judges: what each said, how far it can be trusted where an oracle said it too, and every sample on which two differ. */
import { useMemo } from "preact/hooks"
import type { ReportRate } from "../../src/data.ts"
import { type IntervalLine, Intervals } from "../charts/intervals.tsx"
import { WhenLoaded } from "../parts/loaded.tsx"
import { OutcomeMark, VerdictMark, verdictColors } from "../parts/marks.tsx"
import { count, interval, percent, plural } from "../parts/numbers.ts"
import { numbers, PlainTable } from "../parts/plain-table.tsx"
import { Rows } from "../parts/rows.tsx"
import { line } from "../parts/text.tsx"
import { outcomeOf } from "../state/outcome.ts"
import { lastList, linkTo, replaceQuery, route } from "../state/route.ts"
import { groupOf, type Run } from "../state/run.ts"

export function JudgesView({ run }: { run: Run }) {
  const { judges, calibration } = run.summary
  return (
    <>
      <header class="view">
        <h1>Judges</h1>
      </header>
      <section>
        <h2>What they said</h2>
        <div class="cards">
          {judges.map((judge) => (
            <JudgeCard key={judge.identity} {...judge} />
          ))}
        </div>
      </section>
      {calibration.length > 0 && <Calibration run={run} />}
      {judges.length > 1 && (
        <section>
          <h2 id="disagreements">Where they differ</h2>
          <Agreements run={run} />
          <WhenLoaded run={run}>{() => <Disputed run={run} />}</WhenLoaded>
        </section>
      )}
    </>
  )
}

function JudgeCard({ identity, oracle, good, bad, unscored, reasons }: Run["summary"]["judges"][number]) {
  const all = good + bad + unscored
  const shares = [
    ["good", good],
    ["bad", bad],
    ["unscored", unscored],
  ] as const
  return (
    <article class="card">
      <h3>
        {line(identity, 120)}
        {oracle && <span class="detail">oracle: it knows the task</span>}
      </h3>
      <div class="share-bar" aria-hidden="true">
        {shares.map(
          ([verdict, value]) =>
            value > 0 && <span key={verdict} class={verdictColors[verdict]} style={{ flexGrow: String(value) }} />,
        )}
      </div>
      <p class="shares">
        {shares
          .filter(([verdict, value]) => value > 0 || verdict !== "unscored")
          .map(([verdict, value]) => (
            <VerdictMark key={verdict} verdict={verdict}>
              {count(value)} {verdict} ({percent(all === 0 ? 0 : value / all)} %)
            </VerdictMark>
          ))}
      </p>
      {Object.keys(reasons).length > 0 && (
        <details>
          <summary>Most frequent reasons for bad</summary>
          <PlainTable
            of={`Reasons of ${line(identity, 120)}`}
            columns={["Reason", ...numbers("Steps")]}
            lines={Object.entries(reasons).map(([reason, times]) => [line(reason, 200), times])}
            isNameless
          />
        </details>
      )}
    </article>
  )
}

function Calibration({ run }: { run: Run }) {
  const { calibration } = run.summary
  const rates: [title: string, about: string, of: (row: (typeof calibration)[number]) => ReportRate | undefined][] = [
    ["Agreement", "steps on which both say the same", (row) => row.agreement],
    ["Bad steps called good", "what training can exploit", (row) => row.falsePositiveRate],
    ["Good steps called bad", "what training loses", (row) => row.falseNegativeRate],
  ]
  return (
    <section>
      <h2 id="calibration">How far a judge can be trusted</h2>
      <p class="note">
        Its verdicts against another's on the same steps, in per cent, with 95 % Wilson intervals. Malformed and cut-off
        steps, which are bad without asking, are left out.
      </p>
      {rates.map(([title, about, of]) => {
        const lines = calibration.flatMap((row): IntervalLine[] => {
          const rate = of(row)
          return rate
            ? [
                {
                  name: line(row.judge, 60),
                  detail: `against ${line(row.oracle, 60)}${row.task ? `, ${line(row.task, 60)}` : ""}`,
                  value: rate.value,
                  ci: rate.ci,
                  shape: "unclear",
                  numbers: [
                    <b key="value">{percent(rate.value)}</b>,
                    interval(rate.ci, percent),
                    `${count(rate.count)} of ${count(rate.n)}`,
                  ],
                },
              ]
            : []
        })
        return (
          lines.length > 0 && (
            <Intervals
              key={title}
              caption={`${title}: ${about}`}
              heads={["Judge", "Share", "95 % interval", "Steps"]}
              lines={lines}
              domain={[0, 1]}
              tick={(value) => String(Math.round(100 * value))}
            />
          )
        )
      })}
    </section>
  )
}

/** Every two judges of the same steps. */
function Agreements({ run }: { run: Run }) {
  const { agreements, judges } = run.summary
  if (agreements.length === 0) return null
  const nameOf = (judge: number) => line(judges[judge]!.identity, 60)
  return (
    <PlainTable
      of="Judges of the same steps"
      columns={["Judge", "Beside", ...numbers("Steps", "Agree", "Only the first says good", "Only the second")]}
      lines={agreements.map(({ judge, other, steps, agreed, onlyJudge, onlyOther }) => [
        nameOf(judge),
        nameOf(other),
        steps,
        steps > 0 ? `${percent(agreed / steps)} %` : undefined,
        onlyJudge,
        onlyOther,
      ])}
    />
  )
}

function Disputed({ run }: { run: Run }) {
  const { samples, questions } = run
  const found = useMemo(() => [...samples.disputed.keys()].filter((sample) => samples.disputed[sample]! > 0), [samples])
  const at = Number(route.value.query.get("at") ?? -1)
  lastList.value = linkTo("judges", undefined, Object.fromEntries(route.value.query))
  if (found.length === 0) return <p class="nothing">On no step do two judges differ.</p>
  return (
    <>
      <p class="found" role="status">
        {plural(found.length, "sample")} with a step on which two judges differ
      </p>
      <Rows
        label="Samples on which judges differ"
        class="disputed"
        columns={[
          { name: "outcome", title: "Outcome" },
          { name: "question", title: "Question" },
          { name: "policy", title: "Policy" },
          { name: "steps", title: "Steps", isNumber: true },
          { name: "differ", title: "Differ", isNumber: true },
        ]}
        linked="question"
        count={found.length}
        cells={(index) => {
          const sample = found[index]!
          return [
            <OutcomeMark key="outcome" outcome={outcomeOf(samples, sample)} />,
            line(questions.text[samples.question[sample]!]! || questions.task[samples.question[sample]!]!),
            line(groupOf(run, sample).label, 60),
            samples.steps[sample],
            samples.disputed[sample],
          ]
        }}
        linkOf={(index) => linkTo("sample", samples.key[found[index]!]!, { step: "differ" })}
        current={Math.max(0, found.indexOf(at))}
        onCurrent={(index) => replaceQuery({ at: found[index] })}
        identity="disputed"
      />
    </>
  )
}
