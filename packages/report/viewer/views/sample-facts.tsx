/** What is known of a sample at a glance: its answer beside what counts as right, its scores, who and where, and its siblings. */
import type { ComponentChildren } from "preact"
import { trajectoryStatuses } from "../../src/viewer/samples-page.ts"
import type { ViewerTrajectory } from "../../src/viewer/trajectories-page.ts"
import { OutcomeMark } from "../parts/marks.tsx"
import { count, plural } from "../parts/numbers.ts"
import { line, Text } from "../parts/text.tsx"
import { outcomeOf } from "../state/outcome.ts"
import { linkTo } from "../state/route.ts"
import { cellOf, groupOf, type Run } from "../state/run.ts"

interface FactsProps {
  run: Run
  sample: number
  trajectory: ViewerTrajectory
  cell: string
  isNarrow: boolean
}

export function Facts({ run, sample, trajectory, cell, isNarrow }: FactsProps) {
  const { samples } = run
  const group = groupOf(run, sample)
  const { answer, reference, status, usage, seed, foreignScores = [], imported, error } = trajectory
  const problem = trajectory.sample?.error ?? error ?? samples.error[sample] ?? undefined
  return (
    <aside class="facts" aria-label={`About this sample${isNarrow ? ` of ${line(group.label)}` : ""}`}>
      <p class="outcome">
        <OutcomeMark outcome={outcomeOf(samples, sample)} />
      </p>
      <dl>
        <Fact name="Answer">
          {answer === undefined ? (
            <span class="soft">none: {status.replace("-", " ")}</span>
          ) : (
            <Text text={answer} of="answer" />
          )}
        </Fact>
        <Fact name="Counts as right">
          {reference === undefined ? (
            <span class="soft">not on record</span>
          ) : (
            reference.map((text, index) => <Text key={index} text={text} of="reference answer" />)
          )}
        </Fact>
        {problem !== undefined && (
          <Fact name="Why it failed">
            <Text text={problem} of="error" />
          </Fact>
        )}
        <Metrics trajectory={trajectory} />
        {foreignScores.map(({ scorer, value, explanation }) => (
          <Fact key={scorer} name={`Score of ${line(scorer)}`}>
            <Text text={typeof value === "string" ? value : JSON.stringify(value)} of="score" />
            {explanation && <Text text={explanation} of="explanation" />}
          </Fact>
        ))}
        <Fact name="Policy">{line(group.label)}</Fact>
        <Fact name="Cell">{line(cell)}</Fact>
        {group.stage !== "evaluate" && (
          <Fact name="Stage">
            {group.stage}
            {group.round === undefined ? "" : ` ${group.round}`}
          </Fact>
        )}
        <Fact name="Ended">{trajectoryStatuses.includes(status) ? status.replace("-", " ") : line(status)}</Fact>
        {usage && (
          <Fact name="Tokens">
            {count(usage.inputTokens)} read, {count(usage.outputTokens)} written
          </Fact>
        )}
        {trajectory.sample?.leak && <Fact name="Seen before">{trajectory.sample.leak.kind}</Fact>}
        {imported && (
          <Fact name="Imported from">
            {line(`${imported.producer.tool} ${imported.producer.version ?? ""}, ${imported.source.file}`)}
          </Fact>
        )}
        <Fact name="Task">
          <code>{line(trajectory.taskId)}</code>
          {trajectory.epoch > 0 && `, epoch ${trajectory.epoch}`}
          {seed !== undefined && `, seed ${seed}`}
        </Fact>
        <Fact name="Id">
          <code>{line(trajectory.key)}</code>
        </Fact>
      </dl>
      {!isNarrow && <Siblings run={run} sample={sample} />}
    </aside>
  )
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Metrics({ trajectory: { sample } }: { trajectory: ViewerTrajectory }) {
  const metrics = Object.entries(sample?.metrics ?? {})
  if (metrics.length === 0) return null
  return (
    <Fact name="Metrics">
      <ul class="metrics">
        {metrics.map(([name, value]) => (
          <li key={name} class={name === sample?.primaryMetric ? "primary" : undefined}>
            {line(name)} <b>{Number.isInteger(value) ? value : value.toFixed(3)}</b>
          </li>
        ))}
      </ul>
    </Fact>
  )
}

const mostSiblings = 12

/** The same question, answered by others or once more: each can be put beside this one. */
function Siblings({ run, sample }: { run: Run; sample: number }) {
  const { samples } = run
  const question = samples.question[sample]!
  const others: number[] = []
  for (let each = 0; each < samples.count; each++)
    if (samples.question[each] === question && each !== sample) others.push(each)
  if (others.length === 0) return null
  const key = samples.key[sample]!
  return (
    <section class="siblings">
      <h2>The same question</h2>
      <p class="note">{plural(others.length, "other sample")}. Each opens beside this one.</p>
      <ul>
        {others.slice(0, mostSiblings).map((other) => {
          const group = groupOf(run, other)
          return (
            <li key={other}>
              <a href={linkTo("sample", key, { beside: samples.key[other] })}>
                <OutcomeMark outcome={outcomeOf(samples, other)} isBare={true} /> {line(group.label, 50)}
                <span class="detail">
                  {[
                    group.stage === "evaluate" ? cellOf(run, group) : group.stage,
                    samples.epoch[other]! > 0 && `epoch ${samples.epoch[other]}`,
                  ]
                    .filter(Boolean)
                    .join(", ")}
                </span>
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
