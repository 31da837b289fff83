/**
 * A check is one behaviour of a plugin, and how it is tried. It knows no test runner: `runChecks` runs a list of them
 * anywhere, `register` gives them to the runner at hand. What fails says what, where, and what to do.
 */
import { errorMessage, isSwirlError, PluginFailure, SwirlError, suggestion } from "@swirl-ts/core"
import { inTime, isObject } from "@swirl-ts/kit"
import { withFolders } from "../data/host.ts"
import { leaveBehind } from "./left-behind.ts"

export interface Check {
  /** The behaviour, e.g. `refuses an input that its schema does not allow`. */
  name: string
  /** Fails by an error that says what, where and what to do. What cannot be tried with what is known says why. */
  run(): Promise<Skipped | undefined>
}

export interface Skipped {
  skipped: string
}

export interface CheckResult {
  name: string
  status: "ok" | "failed" | "skipped"
  /** Why it failed, or could not be tried. */
  reason?: string
  milliseconds: number
}

/** What every test function and list of checks may be given. */
export interface CheckOptions {
  /** What it is called in messages, e.g. the tool's name. */
  name?: string
  /** Checks that it cannot pass, by their name, with the reason: a clock gives no answer twice. */
  skip?: Readonly<Record<string, string>>
  /** Milliseconds a check may take. Default: 30 seconds. */
  timeout?: number
  /** What becomes of a check that ends in a usage error, e.g. because a model string or a file was not given. Default: `fail`. */
  missing?: "fail" | "skip"
}

/** Checks as contracts write them: by name, with what each is tried by. */
export type Behaviours = Readonly<Record<string, () => unknown>>

const defaultTimeout = 30_000

/** The checks of a contract, with what `options` say of all of them. `subject`: e.g. `The tool convert`. */
export function checksOf(
  subject: string,
  behaviours: Behaviours,
  { skip = {}, timeout, missing }: CheckOptions,
): Check[] {
  const names = Object.keys(behaviours)
  for (const name of Object.keys(skip)) {
    if (names.includes(name)) continue
    throw new SwirlError(`${subject} has no check "${name}" to skip.${suggestion(name, names)}`, { kind: "usage" })
  }
  const milliseconds = timeout ?? defaultTimeout
  const late = `did not get through in ${milliseconds / 1000} s. Make it faster or end it by its abort signal; \`timeout\` gives it longer.`
  /** The check that failed by it first: what is wrong with `load` would fail them all. */
  const said = new Map<string, string>()
  const failed = (name: string, sentence: string, cause: unknown): Skipped => {
    const first = said.get(sentence) ?? name
    said.set(sentence, first)
    if (first !== name) return { skipped: `it fails as "${first}" does` }
    throw isSwirlError(cause) && cause.message === sentence ? cause : new SwirlError(sentence, { cause })
  }
  return Object.entries(behaviours).map(([name, behaviour]) => ({
    name,
    run: async () => {
      const reason = skip[name]
      if (reason !== undefined) return { skipped: reason }
      try {
        const outcome = await withFolders(() => inTime(() => behaviour(), { milliseconds, late }))
        return isSkipped(outcome) ? outcome : undefined
      } catch (error) {
        if (missing === "skip" && isMissing(error)) return { skipped: error.message }
        const message = errorMessage(error)
        if (message === late) leaveBehind()
        const sentence = isSentence(error) || message === late ? message : threw(error)
        return failed(name, named(subject, sentence), error)
      }
    },
  }))
}

const isSkipped = (outcome: unknown): outcome is Skipped => isObject(outcome) && typeof outcome.skipped === "string"

/** Runs checks one after another; none stops the others. */
export async function runChecks(checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const { name, run } of checks) {
    const started = performance.now()
    const outcome = await run().then(
      (skipped) => (skipped ? { status: "skipped" as const, reason: skipped.skipped } : { status: "ok" as const }),
      (error: unknown) => ({ status: "failed" as const, reason: errorMessage(error) }),
    )
    results.push({ name, ...outcome, milliseconds: Math.round(performance.now() - started) })
  }
  return results
}

class Failure extends Error {}

/** Fails a check. */
export function fail(sentence: string): never {
  throw new Failure(sentence)
}

/** What `work` gives; where the plugin's code throws, it is said at what. */
export async function at<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`at ${what}, ${isSentence(error) ? errorMessage(error) : threw(error)}`, { cause: error })
  }
}

/** A usage error, but for what the plugin's own code gave. */
const isMissing = (error: unknown): error is SwirlError =>
  isSwirlError(error) && error.kind === "usage" && !(error instanceof PluginFailure)

/** The sentence with its subject; one that begins with its name, such as `Benchmark capitals: load failed`, has it already. */
function named(subject: string, sentence: string): string {
  if (sentence.startsWith(subject)) return sentence
  const own = `${subject.replace(/^The /, "")}: `
  const isNamed = sentence.toLowerCase().startsWith(own.toLowerCase())
  return `${subject}: ${isNamed ? sentence.slice(own.length) : sentence}`
}

const isSentence = (error: unknown): boolean => error instanceof Failure || isSwirlError(error)

/** Where what was given is read: what fails there is no place in the plugin's code. */
const ownCode = /[/\\](?:@swirl-ts|packages)[/\\](?:core|kit|testing)[/\\](?:src|dist)[/\\]/

/** What was thrown is the plugin's own accident, by its code or by what that gave. */
function threw(error: unknown): string {
  const [, frame = ""] = /\n\s+at (.*:\d+:\d+)\)?(?:\n|$)/.exec(error instanceof Error ? (error.stack ?? "") : "") ?? []
  if (ownCode.test(frame)) {
    return `what it gave cannot be used: "${errorMessage(error)}" when it is read. Give what its contract in @swirl-ts/core says.`
  }
  const place = /[^/\\(\s]+$/.exec(frame)?.[0]
  return `its code threw "${errorMessage(error)}"${place ? ` (${place})` : ""}. Catch it, and answer what is wrong instead.`
}
