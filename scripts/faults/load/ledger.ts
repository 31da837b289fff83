/**
 * What was asked and what came of it, by request (the hash of its body: conversation, tools and seed). The true answer to a
 * request is needed once. Waste is every other time that it was worked out: answered whole a second time, or left by a client
 * that was gone before the answer was written. What the server failed or refused by itself is no waste of the client's.
 */
type Outcome = "answered" | "left"

export interface LedgerSummary {
  requests: number
  /** Requests whose true answer was written to the end, each counted once. */
  keys: string[]
  /** True answers written to the end. */
  answered: number
  /** True answers whose client was gone first. */
  left: number
  /** Refused since more came at once than the server takes. */
  crowded: number
  /** By kind, faults that the server made. */
  faults: Record<string, number>
  /** Most requests at once. */
  most: number
}

export interface Ledger {
  /** How often this request came before. */
  asked(key: string): number
  worked(key: string, outcome: Outcome): void
  fault(kind: string): void
  crowded(): void
  inFlight: number
  summary(): LedgerSummary
}

export function createLedger(): Ledger {
  const times = new Map<string, number>()
  const keys = new Set<string>()
  const counts = { answered: 0, left: 0 }
  const faults: Record<string, number> = {}
  let [requests, crowded, inFlight, most] = [0, 0, 0, 0]
  return {
    asked(key) {
      const before = times.get(key) ?? 0
      times.set(key, before + 1)
      requests++
      return before
    },
    worked(key, outcome) {
      counts[outcome]++
      if (outcome === "answered") keys.add(key)
    },
    fault(kind) {
      faults[kind] = (faults[kind] ?? 0) + 1
    },
    crowded() {
      crowded++
    },
    get inFlight() {
      return inFlight
    },
    set inFlight(count) {
      inFlight = count
      most = Math.max(most, count)
    },
    summary: () => ({ requests, keys: [...keys], ...counts, crowded, faults, most }),
  }
}

export interface Waste {
  needed: number
  /** True answers that were worked out and not used. */
  wasted: number
  share: number
  /** Needed, and never answered. */
  missing: number
  /** Answered, and not needed by the run that nothing happened to. */
  foreign: number
}

/** `calm`: of the run that nothing happened to; what it asked is what is needed. */
export function waste(calm: LedgerSummary, faulty: LedgerSummary): Waste {
  const needed = new Set(calm.keys)
  const used = faulty.keys.filter((key) => needed.has(key)).length
  const wasted = faulty.answered + faulty.left - used
  return {
    needed: needed.size,
    wasted,
    share: wasted / needed.size,
    missing: needed.size - used,
    foreign: faulty.keys.length - used,
  }
}
