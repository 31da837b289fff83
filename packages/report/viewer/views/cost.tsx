/** What the run took, as far as it is on record: tokens, time, memory and requests. */

import { bytes, count, duration, short } from "../parts/numbers.ts"
import { numbers, PlainTable } from "../parts/plain-table.tsx"
import { line } from "../parts/text.tsx"
import { Tiles } from "../parts/tiles.tsx"
import type { Run } from "../state/run.ts"

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0)

export function CostView({ run }: { run: Run }) {
  const { costs, runs, tools } = run.summary
  const [read, written, trained, seconds] = (["inputTokens", "outputTokens", "trainedTokens", "seconds"] as const).map(
    (name) => sum(costs.map((cost) => cost[name])),
  )
  const largest = Math.max(
    1,
    ...costs.map(
      ({ inputTokens = 0, outputTokens = 0, trainedTokens = 0 }) => inputTokens + outputTokens + trainedTokens,
    ),
  )
  return (
    <>
      <header class="view">
        <h1>Cost</h1>
        <p class="note">From the records. What was not recorded is a dash, never a zero.</p>
      </header>
      <Tiles
        of={[
          ["tokens read", short(read!)],
          ["tokens written", short(written!)],
          ...(trained! > 0 ? [["tokens trained on", short(trained!)] as const] : []),
          ...(seconds! > 0 ? [["on record", duration(seconds!)] as const] : []),
        ]}
      />
      <PlainTable
        of="Costs"
        class="costs"
        caption="By what it was spent on"
        columns={["What", ...numbers("Tokens read", "Written", "Trained on", "Time", "Memory")]}
        lines={costs.map(({ what, inputTokens, outputTokens, trainedTokens, seconds, peakMemoryBytes }) => [
          <>
            {line(what, 90)}
            <span
              class="bar"
              aria-hidden="true"
              style={{ width: `${(100 * sum([inputTokens, outputTokens, trainedTokens])) / largest}%` }}
            />
          </>,
          inputTokens,
          outputTokens,
          trainedTokens,
          seconds === undefined ? undefined : duration(seconds),
          peakMemoryBytes === undefined ? undefined : bytes(peakMemoryBytes),
        ])}
        together={[
          "Together",
          read,
          written,
          trained! > 0 ? trained : undefined,
          seconds! > 0 ? duration(seconds!) : undefined,
          undefined,
        ]}
      />
      {tools.length > 0 && (
        <section>
          <h2>Tool calls</h2>
          <PlainTable
            of="Tool calls"
            columns={["Tool", ...numbers("Calls", "Errors"), "Most frequent errors"]}
            lines={tools.map(({ name, calls, errors, reasons }) => [
              line(name, 60),
              calls,
              errors,
              Object.entries(reasons).map(([reason, times]) => (
                <span key={reason} class="detail">
                  {count(times)} × {line(reason, 120)}
                </span>
              )),
            ])}
          />
        </section>
      )}
      <Requests runs={runs} />
    </>
  )
}

function Requests({ runs }: Pick<Run["summary"], "runs">) {
  const all = runs.flatMap(({ endpoints = {} }) =>
    Object.entries(endpoints).flatMap(([stage, counts]) => counts.map((each) => ({ stage, ...each }))),
  )
  if (all.length === 0) return null
  return (
    <section>
      <h2>Requests</h2>
      <PlainTable
        of="Requests"
        columns={["Server", "Stage", ...numbers("Requests", "Failed", "Left out")]}
        lines={all.map(({ stage, name, requests, failures, leftOut }) => [
          line(name, 90),
          line(stage, 60),
          requests,
          failures,
          leftOut,
        ])}
      />
    </section>
  )
}
