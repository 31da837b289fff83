/** The test runner at hand: Vitest inside Vitest, the one of Node everywhere else, or what the caller gives. */
import type { Check, CheckOptions } from "./check.ts"
import { endWhatIsLeft } from "./left-behind.ts"

/** What a test is told by its runner, to skip itself. */
export interface TestContext {
  skip(reason?: string): void
}

/** `describe` and `it` of Vitest, node:test, Jest or Mocha. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: (context: TestContext) => Promise<void>): unknown
}

export interface TestOptions extends CheckOptions {
  /** Default: Vitest's where a Vitest worker runs the file, else node:test's. */
  runner?: TestRunner
}

/** A process that Vitest started is no worker of it, though it has its environment. */
const runsInVitest = "__vitest_worker__" in globalThis

const atHand: TestRunner = runsInVitest ? await fromVitest() : await fromNode()

async function fromVitest(): Promise<TestRunner> {
  const { describe, it } = await import("vitest")
  // The kit's own limit is the one that tells.
  return { describe, it: (name, body) => it(name, { timeout: 0 }, (context) => body(context)) }
}

async function fromNode(): Promise<TestRunner> {
  const { after, describe, it } = await import("node:test")
  return {
    describe: (name, body) => {
      // Inside a suite of the caller's it is not the last that runs.
      after((context) => {
        if (context?.name === "<root>") endWhatIsLeft()
      })
      describe(name, body)
    },
    it: (name, body) => it(name, (context) => body(context)),
  }
}

/** Gives checks to the runner, under one title. */
export function register(title: string, checks: readonly Check[], { runner = atHand }: TestOptions): void {
  runner.describe(title, () => {
    for (const { name, run } of checks) {
      runner.it(name, async (context) => {
        const skipped = await run()
        if (skipped) context?.skip(skipped.skipped)
      })
    }
  })
}
