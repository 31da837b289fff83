/** The first minute: what was run, what came out, what went wrong, and where to look next. */

import { HeatMap } from "../parts/heat-map.tsx"
import { date, duration, percent, plural, short } from "../parts/numbers.ts"
import { numbers, PlainTable } from "../parts/plain-table.tsx"
import { line } from "../parts/text.tsx"
import { Tiles } from "../parts/tiles.tsx"
import { linkTo } from "../state/route.ts"
import { cellOf, type Run } from "../state/run.ts"
import { sectionsOf } from "../state/sections.ts"

export function OverviewView({ run }: { run: Run }) {
  const { summary } = run
  const { title, createdAt, headline, matrix, caveats } = summary
  const [plain, detailed] = split(headline)
  return (
    <>
      <header class="view overview-head">
        <h1>{line(title, 160)}</h1>
        <p class="dateline">{date(createdAt)}</p>
        <div class="headline">
          {plain.map((text) => (
            <p key={text}>{line(text, 1200)}</p>
          ))}
        </div>
        {detailed.length > 0 && (
          <details class="findings">
            <summary>Every finding in words</summary>
            {detailed.map(([text, ...details]) => (
              <div key={text}>
                <p>{line(text!, 600)}</p>
                {details.map((detail) => (
                  <p key={detail} class="sub">
                    {line(detail, 1200)}
                  </p>
                ))}
              </div>
            ))}
          </details>
        )}
      </header>
      <Alarms run={run} />
      <Figures run={run} />
      <Questions run={run} />
      {matrix ? <HeatMap run={run} matrix={matrix} /> : <Groups run={run} />}
      {caveats.length > 0 && (
        <section>
          <h2>What these numbers do not say</h2>
          <ul class="notes">
            {caveats.map((text) => (
              <li key={text}>{line(text, 600)}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** A paragraph with details of its own is read on demand; the others are the headline. */
function split(headline: readonly string[]): [plain: string[], detailed: string[][]] {
  const paragraphs: string[][] = []
  for (const text of headline) {
    if (/^\s/.test(text) && paragraphs.length > 0) paragraphs.at(-1)!.push(text.trim())
    else paragraphs.push([text.trim()])
  }
  return [paragraphs.filter(({ length }) => length === 1).flat(), paragraphs.filter(({ length }) => length > 1)]
}

function Alarms({ run }: { run: Run }) {
  const raised = run.summary.trainings.flatMap(({ name, alarms }) =>
    alarms.slice(0, 1).map((alarm) => ({ name, ...alarm, more: alarms.length - 1 })),
  )
  const failed = run.summary.matrix?.failed ?? []
  if (raised.length === 0 && failed.length === 0) return null
  return (
    <section class="alarm-box">
      <h2>Alarms</h2>
      <ul>
        {raised.map(({ name, kind, step, message, more }) => (
          <li key={name}>
            <a href="#/training">
              {line(name, 80)}: {line(kind, 40)} at step {step}
            </a>
            {more > 0 && <span class="soft"> and {more} more</span>}
            <span class="detail">{line(message, 240)}</span>
          </li>
        ))}
        {failed.map(({ job, reason }) => (
          <li key={job}>
            <b>{line(job, 80)}</b> failed<span class="detail">{line(reason, 240)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Figures({ run }: { run: Run }) {
  const { groups, trainings, costs, judges } = run.summary
  const total = (of: "right" | "wrong" | "partly" | "unscored" | "errors"): number =>
    groups.reduce((sum, each) => sum + each[of], 0)
  const scored = total("right") + total("wrong") + total("partly")
  const tokens = costs.reduce((sum, { inputTokens = 0, outputTokens = 0 }) => sum + inputTokens + outputTokens, 0)
  const seconds = costs.reduce((sum, each) => sum + (each.seconds ?? 0), 0)
  const said = judges.filter(({ oracle }) => !oracle).reduce((sum, { good, bad }) => sum + good + bad, 0)
  return (
    <Tiles
      of={[
        ...(run.samples.count > 0
          ? [
              [
                "samples",
                short(run.samples.count),
                total("errors") > 0 ? `${plural(total("errors"), "error")} among them` : undefined,
              ] as const,
            ]
          : []),
        ...(scored > 0
          ? [["scored", short(scored), `${percent(total("right") / scored)} % of them right`] as const]
          : []),
        ...(said > 0 ? [["verdicts on steps", short(said)] as const] : []),
        ...(trainings.length > 0
          ? [
              [
                "trainings",
                trainings.length,
                `${trainings.filter(({ alarms }) => alarms.length > 0).length} raised an alarm`,
              ] as const,
            ]
          : []),
        ...(tokens > 0
          ? [["tokens", short(tokens), seconds > 0 ? `${duration(seconds)} on record` : undefined] as const]
          : []),
      ]}
    />
  )
}

/** What readers come for, each one click away. */
function Questions({ run }: { run: Run }) {
  const { summary } = run
  const sections = new Set(sectionsOf(run).map(({ view }) => view))
  const hasBad = summary.judges.some(({ bad }) => bad > 0)
  const hasHolm = summary.matrix?.rows.some(({ cells }) =>
    Object.values(cells).some((cell) => cell.change?.pHolm !== undefined),
  )
  const links: (readonly [text: string, href: string] | false | undefined)[] = [
    sections.has("compare") && ["Which questions got worse?", linkTo("compare", undefined, { set: "worse" })],
    hasHolm && ["Which changes hold after Holm?", linkTo("results", undefined, { show: "after Holm" })],
    hasBad && ["Which steps were judged bad, and why?", linkTo("samples", undefined, { steps: "bad" })],
    summary.judges.length > 1 && ["Where do two judges differ?", linkTo("judges")],
    run.samples.count > 0 && ["What did the model see?", linkTo("samples")],
    sections.has("training") && ["Did a judge get gamed?", linkTo("training")],
    sections.has("cost") && ["What did it cost?", linkTo("cost")],
  ]
  const shown = links.filter((link) => !!link)
  return (
    <nav class="questions" aria-label="Questions that readers have">
      {shown.map(([text, href]) => (
        <a key={href} href={href}>
          {text}
        </a>
      ))}
    </nav>
  )
}

/** Of a run without a matrix: what there is, cell by cell. */
function Groups({ run }: { run: Run }) {
  const { groups } = run.summary
  if (groups.length === 0) return null
  return (
    <section>
      <h2>What there is</h2>
      <PlainTable
        of="Groups of samples"
        columns={["Policy", "Cell", "Stage", ...numbers("Samples", "Right", "Wrong", "No score", "Errors")]}
        lines={groups.map((group) => [
          <a
            key="policy"
            href={linkTo("samples", undefined, { policy: group.label, cell: cellOf(run, group), stage: group.stage })}
          >
            {line(group.label, 60)}
          </a>,
          line(cellOf(run, group), 60),
          group.stage,
          group.samples,
          group.right,
          group.wrong + group.partly,
          group.unscored - group.errors,
          group.errors,
        ])}
      />
    </section>
  )
}
