/** The steps of a trajectory: what the model saw, wrote and got back, and what each judge said of it and why. */
import { useEffect, useRef, useState } from "preact/hooks"
import type { ShownMessage, ViewerStep, ViewerTrajectory } from "../../src/viewer/trajectories-page.ts"
import { VerdictMark, verdictMarks } from "../parts/marks.tsx"
import { plural } from "../parts/numbers.ts"
import { line, Text } from "../parts/text.tsx"
import { TokenText } from "../parts/token-text.tsx"
import { promptAt } from "../state/conversation.ts"
import { useKeys } from "../state/keys.ts"
import { linkTo, route } from "../state/route.ts"
import type { Run } from "../state/run.ts"

interface StepsProps {
  run: Run
  trajectory: ViewerTrajectory
  texts?: ReadonlyMap<number, string>
  isNarrow: boolean
}

export function Steps({ run, trajectory, texts, isNarrow }: StepsProps) {
  const { steps } = trajectory
  const list = useRef<HTMLOListElement>(null)
  const [asked, isPromptAsked] = isNarrow ? [undefined, false] : askedStep(steps)
  const [at, setAt] = useState(asked)
  const goToStep = (index: number) => {
    const step = Math.max(0, Math.min(steps.length - 1, index))
    setAt(step)
    list.current?.children[step]?.scrollIntoView({ block: "start" })
  }
  useEffect(() => {
    if (asked !== undefined) goToStep(asked)
  }, [asked])
  useKeys(isNarrow ? {} : { n: () => goToStep((at ?? -1) + 1), p: () => goToStep((at ?? 1) - 1) })
  if (steps.length === 0) return <p class="nothing">It has no step: it ended before the model's first turn.</p>
  return (
    <div class="steps">
      {!isNarrow && <h2 class="unseen">Steps</h2>}
      {!isNarrow && steps.length > 1 && <StepIndex trajectory={trajectory} at={at} />}
      <ol ref={list}>
        {steps.map((step, place) => (
          <StepCard
            key={place}
            run={run}
            trajectory={trajectory}
            place={place}
            step={step}
            texts={texts}
            isAsked={place === at}
            isPromptOpen={place === asked && isPromptAsked}
          />
        ))}
      </ol>
    </div>
  )
}

/** A link names it from 1, as people count, or by what is looked for: the first on which judges differ, or that is bad. */
function askedStep(steps: readonly ViewerStep[]): [step: number | undefined, isPrompt: boolean] {
  const { query } = route.value
  const asked = query.get("step")
  const wanted = { differ, bad: (step: ViewerStep) => worst(step) === "bad" }[asked ?? ""]
  const place = wanted ? steps.findIndex(wanted) : Number(asked ?? Number.NaN) - 1
  return [Number.isInteger(place) && place >= 0 ? place : undefined, query.get("show") === "prompt"]
}

const differ = ({ verdicts }: ViewerStep): boolean =>
  new Set(verdicts.filter(({ verdict }) => verdict !== "unscored").map(({ verdict }) => verdict)).size > 1

function worst({ verdicts }: ViewerStep): "good" | "bad" | "unscored" | undefined {
  return (["bad", "unscored", "good"] as const).find((each) => verdicts.some(({ verdict }) => verdict === each))
}

function StepIndex({ trajectory: { steps, key }, at }: { trajectory: ViewerTrajectory; at?: number }) {
  return (
    <nav class="step-index" aria-label="Steps">
      {steps.map((step, place) => {
        const verdict = worst(step)
        return (
          <a
            key={place}
            href={linkTo("sample", key, { step: place + 1 })}
            class={verdict}
            aria-current={place === at ? "step" : undefined}
          >
            {place + 1}
            {verdict && (
              <>
                <span aria-hidden="true"> {verdictMarks[verdict]}</span>
                <span class="unseen"> judged {verdict}</span>
              </>
            )}
          </a>
        )
      })}
    </nav>
  )
}

interface StepCardProps {
  run: Run
  trajectory: ViewerTrajectory
  place: number
  step: ViewerStep
  texts?: ReadonlyMap<number, string>
  isAsked: boolean
  isPromptOpen: boolean
}

const kindWords = { tool: "calls a tool", answer: "answers", malformed: "cannot be read" } as const

function StepCard({ run, trajectory, place, step, texts, isAsked, isPromptOpen }: StepCardProps) {
  const { call, observation, verdicts, thoughts = [], unreadCalls = [], malformed } = step
  const [isShaded, setShaded] = useState(false)
  const probabilities = step.logProbabilities
  return (
    <li class={`step ${worst(step) ?? ""}${isAsked ? " asked" : ""}`} id={`step-${place + 1}`}>
      <header>
        <h3>
          Step {place + 1} <span class="soft">{kindWords[step.kind]}</span>
        </h3>
        {probabilities && step.tokenIds && (
          <button type="button" class="quiet" aria-pressed={isShaded} onClick={() => setShaded(!isShaded)}>
            Token probabilities
          </button>
        )}
      </header>
      <Prompt trajectory={trajectory} place={place} isOpen={isPromptOpen} />
      {thoughts.map((text, index) => (
        <Part key={index} name="Thought">
          <Text text={text} of="thought" />
        </Part>
      ))}
      <Part name="The model wrote">
        {isShaded && probabilities && step.tokenIds ? (
          <TokenText ids={step.tokenIds} logProbabilities={probabilities} texts={texts} />
        ) : (
          <Text text={step.text} of="turn" />
        )}
      </Part>
      {malformed !== undefined && (
        <Part name="Why not">
          <p>{line(malformed, 400)}</p>
        </Part>
      )}
      {call && (
        <Part name={`Call of ${line(call.tool, 60)}`}>
          <Text text={callText(call)} of="call" />
        </Part>
      )}
      {unreadCalls.map((each, index) => (
        <Part key={index} name={`Unread call of ${line(each.tool, 60)}`}>
          <Text text={each.input} of="call" />
        </Part>
      ))}
      {observation && (
        <Part
          name={
            observation.isError ? "Result: an error" : observation.nothingFound ? "Result: nothing found" : "Result"
          }
        >
          <Text text={observation.text} of="result" />
        </Part>
      )}
      {verdicts.length > 0 && (
        <Part name={verdicts.length === 1 ? "Verdict" : "Verdicts"}>
          <Verdicts run={run} step={step} />
        </Part>
      )}
    </li>
  )
}

const callText = ({ input, query }: NonNullable<ViewerStep["call"]>): string =>
  typeof input === "string" ? input : input === undefined ? query : json(input)

/** On one line where it fits on one. */
function json(value: unknown): string {
  const short = JSON.stringify(value)
  return short.length <= 90 ? short : JSON.stringify(value, null, 2)
}

const Part = ({ name, children }: { name: string; children: preact.ComponentChildren }) => (
  <div class="part">
    <h4>{name}</h4>
    <div>{children}</div>
  </div>
)

function Verdicts({ run, step }: { run: Run; step: ViewerStep }) {
  const { verdicts } = step
  return (
    <>
      {differ(step) && <p class="judges-differ">The judges differ on this step.</p>}
      <ul class="verdicts">
        {verdicts.map((verdict, index) => {
          const judge = run.summary.judges[verdict.judge]
          return (
            <li key={index} class={verdict.verdict}>
              <VerdictMark verdict={verdict.verdict} />
              {verdict.score !== undefined && <span class="score">score {verdict.score.toFixed(2)}</span>}
              <span class="judge">
                {line(judge?.identity ?? "unknown judge", 80)}
                {judge?.oracle && " (oracle: it knows the task)"}
              </span>
              <Text text={verdict.reason} of="reason" />
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Prompt({ trajectory, place, isOpen }: { trajectory: ViewerTrajectory; place: number; isOpen: boolean }) {
  const messages = promptAt(trajectory, place)
  const [wasOpened, setOpened] = useState(isOpen)
  const size = messages?.reduce((sum, { text }) => sum + text.length, 0) ?? 0
  return (
    <details class="prompt" open={isOpen} onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>
        What the model saw
        <span class="soft">
          {messages ? ` ${plural(messages.length, "message")}, ${plural(size, "character")}` : " cannot be said"}
        </span>
      </summary>
      {messages === undefined ? (
        <p class="nothing">
          The action format of this run was not at hand when this folder was made, so its turns cannot be written as the
          model saw them.
        </p>
      ) : (
        wasOpened && (
          <ol class="messages">
            {messages.map((message, index) => (
              <Message key={index} message={message} />
            ))}
          </ol>
        )
      )}
    </details>
  )
}

const Message = ({ message: { role, text, calls = [], thoughts = [] } }: { message: ShownMessage }) => (
  <li class={role}>
    <h4>{role}</h4>
    <div>
      {thoughts.map((thought, index) => (
        <Text key={index} text={thought} of="thought" />
      ))}
      {(text !== "" || calls.length === 0) && <Text text={text} of="message" />}
      {calls.map(({ tool, input }, index) => (
        <Text key={index} text={`${tool} ${typeof input === "string" ? input : json(input)}`} of="call" />
      ))}
    </div>
  </li>
)
