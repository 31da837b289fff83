/** What needs all samples waits for them here, and says how far it is. */
import type { ComponentChildren } from "preact"
import { useEffect } from "preact/hooks"
import { failure, loadSamples, progress, type Run } from "../state/run.ts"
import { plural } from "./numbers.ts"

export function WhenLoaded({ run, children }: { run: Run; children(): ComponentChildren }) {
  useEffect(() => {
    loadSamples(run)
  }, [run])
  if (failure.value !== undefined) return <Failure message={failure.value} />
  if (progress.value.isWhole) return <>{children()}</>
  return (
    <p class="waiting" role="status">
      Reading {plural(run.samples.count, "sample")} …
    </p>
  )
}

export const Failure = ({ message }: { message: string }) => (
  <p class="failure" role="alert">
    {message}
  </p>
)
