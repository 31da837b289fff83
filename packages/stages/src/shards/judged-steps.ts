/**
 * Which judges judged which stages, by shard. Judges are told by identity, which says the benchmark, too: identities of
 * different stages are counted as one judging, so that its verdicts stand together.
 */
export interface JudgedSteps {
  /** Counts one verdict; returns the number of the judging that it is of. */
  add(judge: string, stage: string, part: number): number
  all(): { judge: string; stage: string; counts: ReadonlyMap<number, number> }[]
}

export function judgedSteps(): JudgedSteps {
  const counted = new Map<string, { judge: string; stage: string; counts: Map<number, number> }>()
  const phases: { judges: Set<string>; stages: Set<string> }[] = []
  const phaseOf = new Map<string, number>()
  return {
    add(judge, stage, part) {
      const key = JSON.stringify([judge, stage])
      const entry = counted.get(key) ?? { judge, stage, counts: new Map<number, number>() }
      counted.set(key, entry)
      entry.counts.set(part, (entry.counts.get(part) ?? 0) + 1)
      let phase = phaseOf.get(key)
      if (phase === undefined) {
        const free = phases.findIndex(({ judges, stages }) => judges.has(judge) || !stages.has(stage))
        phase = free < 0 ? phases.length : free
        phases[phase] ??= { judges: new Set(), stages: new Set() }
        phases[phase]!.judges.add(judge)
        phases[phase]!.stages.add(stage)
        phaseOf.set(key, phase)
      }
      return phase
    },
    all: () => [...counted.values()],
  }
}
