/** One sample, step by step; with `beside` a second one in a column of its own. */
import { useEffect, useState } from "preact/hooks"
import type { ViewerTrajectory } from "../../src/viewer/trajectories-page.ts"
import { Failure, WhenLoaded } from "../parts/loaded.tsx"
import { count } from "../parts/numbers.ts"
import { line } from "../parts/text.tsx"
import { useKeys } from "../state/keys.ts"
import { loadPage, pageOf } from "../state/pages.ts"
import { goTo, lastList, linkTo, route } from "../state/route.ts"
import { cellOf, groupOf, type Run, sampleOf } from "../state/run.ts"
import { shownSamples } from "../state/shown.ts"
import { Facts } from "./sample-facts.tsx"
import { Steps } from "./steps.tsx"

export function SampleView({ run }: { run: Run }) {
  return <WhenLoaded run={run}>{() => <Opened run={run} />}</WhenLoaded>
}

function Opened({ run }: { run: Run }) {
  const { of = "", query } = route.value
  const sample = sampleOf(run, of)
  const besideKey = query.get("beside")
  const beside = besideKey === null ? undefined : sampleOf(run, besideKey)
  useKeys({ Escape: () => goTo(lastList.value) })
  if (sample === undefined)
    return (
      <>
        <header class="view">
          <h1>No such sample</h1>
        </header>
        <Failure
          message={`There is no sample "${line(of)}" in this folder. It may be of another run, or of an earlier build of this one.`}
        />
        <a href="#/samples">All samples</a>
      </>
    )
  const question = run.questions.text[run.samples.question[sample]!]!
  return (
    <>
      <Way run={run} sample={sample} isPair={beside !== undefined} />
      <header class="view sample-head">
        <h1>{line(question, 180) || line(of)}</h1>
      </header>
      {beside === undefined ? (
        <One run={run} sample={sample} key={sample} />
      ) : (
        <div class="pair">
          {[sample, beside].map((each) => (
            <section key={each} aria-label={line(groupOf(run, each).label)}>
              <h2>{line(groupOf(run, each).label)}</h2>
              <One run={run} sample={each} isNarrow={true} />
            </section>
          ))}
        </div>
      )}
    </>
  )
}

/** The way back, and to the next one of the list it was opened from. */
function Way({ run, sample, isPair }: { run: Run; sample: number; isPair: boolean }) {
  const list = shownSamples.value
  const place = list ? list.indexOf(sample) : -1
  const at = (by: number): string | undefined => {
    const other = place < 0 ? undefined : list![place + by]
    return other === undefined ? undefined : linkTo("sample", run.samples.key[other]!)
  }
  const [previous, next] = isPair ? [] : [at(-1), at(1)]
  useKeys({
    ...(next ? { j: () => goTo(next) } : {}),
    ...(previous ? { k: () => goTo(previous) } : {}),
  })
  return (
    <nav class="way" aria-label="Samples of the list">
      <a href={lastList.value}>← {lastList.value.startsWith("#/samples") ? "Samples" : "Back to the list"}</a>
      {!isPair && place >= 0 && (
        <span class="steps-between">
          {previous && <a href={previous}>Previous</a>}
          <span class="soft">
            {count(place + 1)} of {count(list!.length)}
          </span>
          {next && <a href={next}>Next</a>}
        </span>
      )}
    </nav>
  )
}

/** Of its page, which is read when it is opened; and the texts of its tokens, where there are any. */
function One({ run, sample, isNarrow = false }: { run: Run; sample: number; isNarrow?: boolean }) {
  const [trajectory, setTrajectory] = useState<ViewerTrajectory>()
  const [texts, setTexts] = useState<ReadonlyMap<number, string>>()
  const [problem, setProblem] = useState<string>()
  const { pages } = run.summary
  const group = groupOf(run, sample)
  useEffect(() => {
    let isHere = true
    const tell = (error: Error) => isHere && setProblem(error.message)
    const { starts } = pages.trajectories
    loadPage(pages.folder, "trajectories", pageOf(starts, sample)).then((page) => {
      if (isHere) setTrajectory(page.trajectories[sample - page.start])
    }, tell)
    if (group.tokens !== undefined)
      loadPage(pages.folder, "tokens", group.tokens).then(({ ids, texts }) => {
        if (isHere) setTexts(new Map(ids.map((id, index) => [id, texts[index]!])))
      }, tell)
    return () => {
      isHere = false
    }
  }, [sample, group, pages])
  if (problem !== undefined) return <Failure message={problem} />
  if (!trajectory)
    return (
      <p class="waiting" role="status">
        Reading the sample …
      </p>
    )
  return (
    <div class={isNarrow ? "sample narrow" : "sample"}>
      <Facts run={run} sample={sample} trajectory={trajectory} cell={cellOf(run, group)} isNarrow={isNarrow} />
      <Steps run={run} trajectory={trajectory} texts={texts} isNarrow={isNarrow} />
    </div>
  )
}
