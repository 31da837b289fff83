/**
 * Tells refusals that come whatever is asked, as those of a gateway or of a key that others use too, from those of a server that
 * is asked too much: asked less, that one would refuse less. Invariant: it is only said where less was asked and as much
 * refused, and taken back where the server takes much less between two refusals than it did.
 */
interface Wave {
  /** Requests between two refusals. */
  accepted: number
  /** Milliseconds in which they were. */
  busy: number
  /** Less was asked at its end than had been taken before. */
  isEarly: boolean
}

export interface RefusalWaves {
  /** True where it is now known that it does not matter how much is asked. */
  add(wave: Wave): boolean
  areOfAnyLoad(): boolean
}

/** Waves that are looked at together. */
const group = 5
/** Of the newest, the first ones are compared with the last ones. */
const most = 20
/** So much less, and a server that is asked too much would refuse next to nothing. */
const less = 1.5
/** Means of a few waves differ by as much by chance. */
const alike = 2
/** Of waves, those that are early; where more is asked bit by bit until it is too much, few are. */
const mostlyEarly = 0.7

/** Requests between two refusals: of a server that refuses more than this share, it is dear not to come down. */
const leastUsual = 20

export function createRefusalWaves(): RefusalWaves {
  let waves: Wave[] = []
  /** Requests between two refusals when it was found that it does not matter how much is asked. */
  let usual: number | undefined
  return {
    add({ accepted, busy, isEarly }) {
      waves = [...waves, { accepted, busy, isEarly }].slice(-most)
      if (waves.length < 2 * group) return false
      if (usual !== undefined) {
        if (sum(waves.slice(-2 * group), "accepted") / (2 * group) >= usual / 3) return false
        usual = undefined
        waves = []
        return false
      }
      if (waves.filter((wave) => wave.isEarly).length < mostlyEarly * waves.length) return false
      const [before, now] = [waves.slice(0, group), waves.slice(-group)]
      if (rate(now) > rate(before) / less) return false
      const change = sum(now, "accepted") / sum(before, "accepted")
      if (change > alike || change < 1 / alike) return false
      const mean = sum(waves, "accepted") / waves.length
      if (mean < leastUsual) return false
      usual = mean
      waves = []
      return true
    },
    areOfAnyLoad: () => usual !== undefined,
  }
}

const sum = (waves: readonly Wave[], field: "accepted" | "busy"): number =>
  waves.reduce((total, wave) => total + wave[field], 0)

const rate = (waves: readonly Wave[]): number => sum(waves, "accepted") / Math.max(1, sum(waves, "busy"))
