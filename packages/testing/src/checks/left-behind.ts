/**
 * Code that was checked and goes on after its check has failed for that: a timer or socket of it keeps the process. Invariant:
 * what is left behind has failed a check before, so that a process that ends for it ends with 1.
 */
let left = false

export function leaveBehind(): void {
  left = true
}

/** Milliseconds for what other tests have still open. */
const patience = 2_000

/** After the last test of a file, ends a process that would never end by itself. */
export function endWhatIsLeft(): void {
  if (!left) return
  setTimeout(() => {
    process.stderr.write("What was checked goes on after its checks, and keeps this process: it is ended.\n")
    // What node:test says in the end it says when nothing is left to do.
    process.emit("beforeExit", 1)
    setTimeout(() => process.exit(1), 200).unref()
  }, patience).unref()
}
