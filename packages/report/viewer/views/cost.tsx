/** What the run took, as far as it is on record: tokens, time, memory and requests. */

import { bytes, count, duration, short } from "../parts/numbers.ts"
import { Scroll } from "../parts/scroll.tsx"
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
      <Scroll of="Costs">
        <table class="plain costs">
          <caption>By what it was spent on</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="number">
                Tokens read
              </th>
              <th scope="col" class="number">
                Written
              </th>
              <th scope="col" class="number">
                Trained on
              </th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col" class="number">
                Memory
              </th>
            </tr>
          </thead>
          <tbody>
            {costs.map(({ what, run: of, inputTokens, outputTokens, trainedTokens, seconds, peakMemoryBytes }) => (
              <tr key={`${of} ${what}`}>
                <th scope="row">
                  {line(what, 90)}
                  <span
                    class="bar"
                    aria-hidden="true"
                    style={{ width: `${(100 * sum([inputTokens, outputTokens, trainedTokens])) / largest}%` }}
                  />
                </th>
                <td class="number">{inputTokens === undefined ? "–" : count(inputTokens)}</td>
                <td class="number">{outputTokens === undefined ? "–" : count(outputTokens)}</td>
                <td class="number">{trainedTokens === undefined ? "–" : count(trainedTokens)}</td>
                <td class="number">{seconds === undefined ? "–" : duration(seconds)}</td>
                <td class="number">{peakMemoryBytes === undefined ? "–" : bytes(peakMemoryBytes)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Together</th>
              <td class="number">{count(read!)}</td>
              <td class="number">{count(written!)}</td>
              <td class="number">{trained! > 0 ? count(trained!) : "–"}</td>
              <td class="number">{seconds! > 0 ? duration(seconds!) : "–"}</td>
              <td class="number">–</td>
            </tr>
          </tfoot>
        </table>
      </Scroll>
      {tools.length > 0 && (
        <section>
          <h2>Tool calls</h2>
          <Scroll of="Tool calls">
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">Tool</th>
                  <th scope="col" class="number">
                    Calls
                  </th>
                  <th scope="col" class="number">
                    Errors
                  </th>
                  <th scope="col">Most frequent errors</th>
                </tr>
              </thead>
              <tbody>
                {tools.map(({ name, calls, errors, reasons }) => (
                  <tr key={name}>
                    <th scope="row">{line(name, 60)}</th>
                    <td class="number">{count(calls)}</td>
                    <td class="number">{count(errors)}</td>
                    <td>
                      {Object.entries(reasons).map(([reason, times]) => (
                        <span key={reason} class="detail">
                          {count(times)} × {line(reason, 120)}
                        </span>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </section>
      )}
      <Requests run={run} runs={runs} />
    </>
  )
}

function Requests({ runs }: { run: Run; runs: Run["summary"]["runs"] }) {
  const all = runs.flatMap(({ endpoints = {} }) =>
    Object.entries(endpoints).flatMap(([stage, counts]) => counts.map((each) => ({ stage, ...each }))),
  )
  if (all.length === 0) return null
  return (
    <section>
      <h2>Requests</h2>
      <Scroll of="Requests">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">Stage</th>
              <th scope="col" class="number">
                Requests
              </th>
              <th scope="col" class="number">
                Failed
              </th>
              <th scope="col" class="number">
                Left out
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ stage, name, requests, failures, leftOut }) => (
              <tr key={`${stage} ${name}`}>
                <th scope="row">{line(name, 90)}</th>
                <td>{line(stage, 60)}</td>
                <td class="number">{count(requests)}</td>
                <td class="number">{count(failures)}</td>
                <td class="number">{count(leftOut)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
