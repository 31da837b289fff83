/** How it was made: settings of every stage, what was counted, and the commands that make it again. */

import { count, date, words } from "../parts/numbers.ts"
import { numbers, PlainTable } from "../parts/plain-table.tsx"
import { line, Text } from "../parts/text.tsx"
import type { Run } from "../state/run.ts"

export function MadeView({ run }: { run: Run }) {
  const { provenance, commands, counts, runs, filters } = run.summary
  return (
    <>
      <header class="view">
        <h1>How it was made</h1>
      </header>
      {Object.keys(provenance).length > 0 && (
        <dl class="provenance">
          {Object.entries(provenance).map(([name, value]) => (
            <div key={name}>
              <dt>{line(name, 80)}</dt>
              <dd>{value.includes("\n") ? <Text text={value} of="value" /> : line(value, 400)}</dd>
            </div>
          ))}
        </dl>
      )}
      {commands.length > 0 && (
        <section>
          <h2>Commands</h2>
          <Text text={commands.join("\n")} of="list" />
        </section>
      )}
      {filters.length > 0 && <Filters run={run} />}
      {Object.keys(counts).length > 0 && (
        <section>
          <h2>Counted</h2>
          <dl class="counts">
            {Object.entries(counts).map(([name, value]) => (
              <div key={name}>
                <dt>{words(line(name, 120))}</dt>
                <dd>{count(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {runs.length > 0 && (
        <section>
          <h2>Run folders</h2>
          {runs.map((each, number) => (
            <details key={number}>
              <summary>
                <code>{line(each.folder || ".", 120)}</code>
                {each.createdAt && <span class="soft"> {date(each.createdAt)}</span>}
              </summary>
              {each.gitRevision && <p class="note">git revision {line(each.gitRevision, 60)}</p>}
              {each.machine && (
                <p class="note">
                  {Object.entries(each.machine)
                    .map(([name, value]) => line(`${name} ${value}`, 80))
                    .join(", ")}
                </p>
              )}
              {Object.entries(each.stages).map(([stage, settings]) => (
                <div key={stage}>
                  <h3>{line(stage, 120)}</h3>
                  <Text text={JSON.stringify(settings, null, 2)} of="settings" />
                </div>
              ))}
            </details>
          ))}
        </section>
      )}
    </>
  )
}

function Filters({ run: { summary } }: { run: Run }) {
  return (
    <section>
      <h2>Filters</h2>
      <PlainTable
        of="Filters"
        columns={["Strategy", "Judge", "Run folder", ...numbers("Kept", "Of", "No verdict", "Kept and right")]}
        lines={summary.filters.map(({ strategy, judge, run, kept, total, unscored, keptRight }) => [
          line(strategy, 60),
          line(judge, 60),
          line(summary.runs[run]?.folder || ".", 80),
          kept,
          total,
          unscored,
          keptRight,
        ])}
      />
    </section>
  )
}
