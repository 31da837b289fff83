/** The frame of every view: where one can go, the theme, the keys; and the view itself. */
import { useEffect, useRef } from "preact/hooks"
import { line } from "./parts/text.tsx"
import { areKeysOn, turnKeys, useKeys } from "./state/keys.ts"
import { linkTo, route } from "./state/route.ts"
import type { Run } from "./state/run.ts"
import { sectionsOf } from "./state/sections.ts"
import { nextTheme, theme } from "./state/theme.ts"
import { CompareView } from "./views/compare.tsx"
import { CostView } from "./views/cost.tsx"
import { JudgesView } from "./views/judges.tsx"
import { MadeView } from "./views/made.tsx"
import { OverviewView } from "./views/overview.tsx"
import { ResultsView } from "./views/results.tsx"
import { SampleView } from "./views/sample.tsx"
import { SamplesView } from "./views/samples.tsx"
import { TrainingView } from "./views/training.tsx"

const views = {
  overview: OverviewView,
  results: ResultsView,
  samples: SamplesView,
  sample: SampleView,
  compare: CompareView,
  training: TrainingView,
  judges: JudgesView,
  cost: CostView,
  made: MadeView,
} as const

const isView = (name: string): name is keyof typeof views => Object.hasOwn(views, name)

export function App({ run }: { run: Run }) {
  const { view, of } = route.value
  const name = isView(view) ? view : "overview"
  const View = views[name]
  const sections = sectionsOf(run)
  const section = name === "sample" ? "samples" : name
  const main = useRef<HTMLElement>(null)
  const help = useRef<HTMLDialogElement>(null)
  useKeys({ "?": () => help.current?.showModal() })
  const title = sections.find((each) => each.view === section)?.title ?? "Overview"
  useEffect(() => {
    document.title = `${name === "overview" ? "" : `${name === "sample" ? "Sample" : title} · `}${line(run.summary.title, 80)}`
  }, [name, title, run])
  // A new view is read from its top, by eye and by ear; the first one is where the browser is already.
  const shown = useRef(`${name} ${of}`)
  useEffect(() => {
    if (shown.current === `${name} ${of}`) return
    shown.current = `${name} ${of}`
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [name, of])
  // Where there is little room the views scroll sideways: the one that is open is in sight.
  const tabs = useRef<HTMLElement>(null)
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }, [section])
  const toContent = (event: Event) => {
    event.preventDefault()
    main.current?.focus()
  }
  return (
    <>
      <header class="top">
        <a class="skip" href={location.hash || "#/"} onClick={toContent}>
          To the content
        </a>
        <a class="brand" href="#/">
          <span aria-hidden="true" class="swirl">
            ◎
          </span>
          <span>{line(run.summary.title, 60)}</span>
        </a>
        <nav aria-label="Views" ref={tabs}>
          {sections.map(({ view, title }) => (
            <a key={view} href={linkTo(view)} aria-current={view === section ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <div class="tools">
          <button type="button" class="quiet" onClick={nextTheme}>
            Theme: {theme.value}
          </button>
          <button type="button" class="quiet" onClick={() => help.current?.showModal()}>
            Keys
          </button>
        </div>
      </header>
      <main ref={main} tabIndex={-1} class={name}>
        <View run={run} />
      </main>
      <Help dialog={help} />
    </>
  )
}

const keys: readonly [key: string, what: string][] = [
  ["/", "find"],
  ["j  k", "next and previous: of the list, or sample after sample"],
  ["Enter", "open"],
  ["Esc", "back to the list, or an empty search"],
  ["n  p", "next and previous step of a sample"],
  ["?", "this list"],
]

function Help({ dialog }: { dialog: { current: HTMLDialogElement | null } }) {
  return (
    <dialog ref={dialog} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split("  ").map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" checked={areKeysOn.value} onChange={(event) => turnKeys(event.currentTarget.checked)} />{" "}
        Single keys do something
      </label>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
