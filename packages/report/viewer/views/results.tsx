/** What changed, and how surely: the matrix at a glance, every change with its interval, and the tables as other formats have them. */
import { cellAt, type Direction, direction } from "../../src/matrix-facts.ts"
import { type IntervalLine, Intervals } from "../charts/intervals.tsx"
import { HeatMap } from "../parts/heat-map.tsx"
import { interval, marks, percent, points, pValue } from "../parts/numbers.ts"
import { line } from "../parts/text.tsx"
import { TextTable } from "../parts/text-table.tsx"
import { compareLink } from "../state/compare-link.ts"
import { linkTo, route } from "../state/route.ts"
import { rowLabel } from "../state/rows.ts"
import { cellOf, type Run } from "../state/run.ts"

export function ResultsView({ run }: { run: Run }) {
  const { matrix, comparisons, tables, captions } = run.summary
  return (
    <>
      <header class="view">
        <h1>Results</h1>
      </header>
      {matrix && <HeatMap run={run} matrix={matrix} />}
      <Changes run={run} />
      {comparisons.length > 0 && <Comparisons run={run} />}
      <OverSeeds run={run} />
      {tables.length > 0 && (
        <section>
          <h2 id="tables">All the numbers</h2>
          {captions.length > 0 && (
            <details class="text-table">
              <summary>How they are read</summary>
              <ul class="notes">
                {captions.map((text) => (
                  <li key={text}>{line(text, 600)}</li>
                ))}
              </ul>
            </details>
          )}
          {tables.map((table) => (
            <TextTable key={table.title} table={table} />
          ))}
        </section>
      )}
    </>
  )
}

const wishes = ["all", "after Holm", "before Holm only", "unclear"] as const
type Wish = (typeof wishes)[number]

const wishOf = (way: Direction): Wish =>
  way === "up" || way === "down" ? "after Holm" : way === "unclear" ? "unclear" : "before Holm only"

const wishWords: Readonly<Record<Wish, string>> = {
  all: "All changes",
  "after Holm": "Significant after Holm",
  "before Holm only": "Only before Holm",
  unclear: "No clear change",
}

/** Of changes in points, wide enough for all of them, so that the plots of a section have one axis. */
function axisOf(changes: readonly Pick<IntervalLine, "value" | "ci">[]) {
  const ends = changes.flatMap(({ value, ci = [value] }) => ci)
  return {
    domain: [Math.min(0, ...ends), Math.max(0, ...ends)] as const,
    zero: 0,
    tick: (value: number) => points(value).replace(/\.0$/, "").replace("+0", "0"),
  }
}

interface Changed extends IntervalLine {
  column: string
}

/** A forest plot a cell, of each row's change against the base. */
function Changes({ run }: { run: Run }) {
  const { matrix } = run.summary
  if (!matrix) return null
  const { columns, rows } = matrix
  const all: Changed[] = rows.flatMap((row, number) =>
    columns.flatMap((column) => {
      const cell = cellAt(row, column)
      if (!cell?.change) return []
      const { change, accuracy } = cell
      const way = direction(change)
      return [
        {
          column,
          name: line(rowLabel(run, number), 60),
          value: change.value,
          ci: change.ci,
          shape: way,
          numbers: [
            <>
              {marks[way] !== "·" && <span aria-hidden="true">{marks[way]} </span>}
              <b>{points(change.value)}</b>
            </>,
            interval(change.ci, points),
            percent(accuracy),
            pValue(change.p),
            change.pHolm === undefined ? "–" : pValue(change.pHolm),
          ],
          href: compareLink(run, number, column),
        },
      ]
    }),
  )
  if (all.length === 0) return null
  const wish = wishes.find((each) => each === route.value.query.get("show")) ?? "all"
  const counts = Map.groupBy(all, ({ shape }) => wishOf(shape))
  const shown = wish === "all" ? all : (counts.get(wish) ?? [])
  return (
    <section>
      <h2 id="changes">Changes with their intervals</h2>
      <p class="note">
        Against the base, in points, paired question by question, with 95 % intervals. Filled: the interval leaves zero
        out and Holm's p is at most .05. Hollow: only before Holm's correction. A circle is no clear change.
      </p>
      <nav class="chips" aria-label="Which changes">
        {wishes
          .filter((each) => each === "all" || counts.has(each) || each === wish || each === "after Holm")
          .map((each) => (
            <a
              key={each}
              href={linkTo("results", undefined, { show: each === "all" ? undefined : each })}
              aria-current={each === wish ? "true" : undefined}
            >
              {wishWords[each]} <b>{each === "all" ? all.length : (counts.get(each)?.length ?? 0)}</b>
            </a>
          ))}
      </nav>
      {shown.length === 0 && <p class="nothing">None of the {all.length} changes.</p>}
      {[...Map.groupBy(shown, ({ column }) => column)].map(([column, lines]) => (
        <Intervals
          key={column}
          caption={column}
          heads={["Policy", "Change", "95 % interval", "Accuracy", "p", "Holm's p"]}
          lines={lines}
          {...axisOf(all)}
        />
      ))}
    </section>
  )
}

/** Where no matrix pairs them: policies of one cell beside each other. */
function Comparisons({ run }: { run: Run }) {
  const { comparisons, groups } = run.summary
  const byCell = Map.groupBy(comparisons, ({ of }) => cellOf(run, groups[of]!))
  return (
    <section>
      <h2 id="comparisons">Policies beside each other</h2>
      <p class="note">Change in points over the questions that both have a score for, with 95 % intervals.</p>
      {[...byCell].map(([cell, here]) => (
        <Intervals
          key={cell}
          caption={cell}
          heads={["Policy", "Change", "95 % interval", "Accuracy", "p", "Holm's p"]}
          {...axisOf(comparisons.map(({ change }) => change))}
          lines={here.map(({ of, against, accuracy, baseAccuracy, questions, change }) => ({
            name: line(groups[of]!.label, 60),
            detail: `against ${line(groups[against]!.label, 50)} (${percent(baseAccuracy)}), ${questions} questions`,
            value: change.value,
            ci: change.ci,
            shape: direction(change),
            href: linkTo("compare", undefined, { cell, a: groups[against]!.label, b: groups[of]!.label }),
            numbers: [
              <b key="change">{points(change.value)}</b>,
              interval(change.ci, points),
              percent(accuracy),
              pValue(change.p),
              change.pHolm === undefined ? "–" : pValue(change.pHolm),
            ],
          }))}
        />
      ))}
    </section>
  )
}

/** Claims about trainings, where seeds are the sample. */
function OverSeeds({ run }: { run: Run }) {
  const { overSeeds = [], contrasts = [] } = run.summary.matrix ?? {}
  const seeds = overSeeds.flatMap(({ name, cells }) =>
    Object.entries(cells).map(([cell, { change, accuracy }]) => ({ name, cell, change, accuracy: percent(accuracy) })),
  )
  const declared = contrasts.flatMap(({ name, cells }) =>
    Object.entries(cells).map(([cell, change]) => ({ name, cell, change, accuracy: "–" })),
  )
  const parts: [title: string, note: string, of: typeof seeds][] = [
    [
      "Trainings over their seeds",
      "The mean over seeds against the base: here the seeds are the sample.",
      seeds.filter(({ change }) => change.seeds > 1),
    ],
    [
      "Contrasts",
      "One training against another, paired over seeds and questions.",
      declared.filter(({ change }) => change.seeds > 1),
    ],
  ]
  return parts.map(([title, note, of]) => {
    if (of.length === 0) return null
    return (
      <section key={title}>
        <h2>{title}</h2>
        <p class="note">{note}</p>
        {[...Map.groupBy(of, ({ cell }) => cell)].map(([cell, here]) => (
          <Intervals
            key={cell}
            caption={`${cell}: ${title}`}
            heads={["Training", "Change", "95 % interval", "Accuracy", "Seeds", "Holm's p"]}
            {...axisOf(of.map(({ change }) => change))}
            lines={here.map(({ name, change, accuracy }) => ({
              name: line(name, 60),
              value: change.value,
              ci: change.ci,
              shape: change.ci ? direction(change) : "unclear",
              numbers: [
                <b key="change">{points(change.value)}</b>,
                change.ci ? interval(change.ci, points) : "–",
                accuracy,
                change.seeds,
                change.pHolm === undefined ? "–" : pValue(change.pHolm),
              ],
            }))}
          />
        ))}
      </section>
    )
  })
}
