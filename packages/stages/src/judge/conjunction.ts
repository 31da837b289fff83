/**
 * Judges in conjunction, named `grounded+consensus`: a step is good where all of them call it good, bad where one of them
 * calls it bad, and otherwise unscored. Each is shown what it asks for and no more; an option is one judge's, `consensus.agree`.
 */
import { type JudgeVerdict, SwirlError } from "@swirl-ts/core"
import { safeVerdict, type TaskJudge } from "./judge-all.ts"

/** The judges that a name means: one, or those between the plus signs. */
export const judgesNamed = (name: string): string[] => name.split("+").map((each) => each.trim())

export function conjunctionOf(verdicts: readonly (JudgeVerdict & { judge: string })[]): JudgeVerdict {
  const first = (wanted: JudgeVerdict["verdict"]) => verdicts.find(({ verdict }) => verdict === wanted)
  const told = first("bad") ?? first("unscored")
  if (told) return { verdict: told.verdict, reason: `${told.judge}: ${told.reason}`, score: scoreOf(told) }
  const scores = verdicts.flatMap(({ score }) => score ?? [])
  return {
    verdict: "good",
    reason: verdicts.map(({ judge, reason }) => `${judge}: ${reason}`).join("; "),
    score: scores.length > 0 ? Math.min(...scores) : undefined,
  }
}

const scoreOf = ({ verdict, score }: JudgeVerdict): number | undefined => (verdict === "bad" ? score : undefined)

/** Of one task; in the order of `names`. */
export function judgeInConjunction(names: readonly string[], judges: readonly TaskJudge[]): TaskJudge {
  return {
    identity: conjunctionIdentity(judges.map(({ identity }) => identity)),
    // Each keeps its own time.
    timeout: Number.POSITIVE_INFINITY,
    oracle: judges.some(({ oracle }) => oracle) || undefined,
    siblings: judges.find(({ siblings }) => siblings !== undefined)?.siblings,
    async judge(input, { abortSignal } = {}) {
      const { result: _result, ...action } = input.action
      const verdicts = await Promise.all(
        judges.map((judge) =>
          safeVerdict(judge, judge.siblings === undefined ? { ...input, action } : input, { abortSignal }),
        ),
      )
      return conjunctionOf(verdicts.map((verdict, index) => ({ ...verdict, judge: names[index]! })))
    },
  }
}

export const conjunctionIdentity = (identities: readonly string[]): string => `all of ${identities.join(" and ")}`

/** What each of them is created with. An option without a judge's name before it is that of the one judge that asks a model. */
export function optionsOfEach(
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
  asksModel: (name: string) => boolean,
): Record<string, unknown>[] {
  const each = names.map((): Record<string, unknown> => ({}))
  for (const [option, value] of Object.entries(options)) {
    const place = names.findIndex((name) => option.startsWith(`${name}.`))
    if (place >= 0) {
      each[place]![option.slice(names[place]!.length + 1)] = value
      continue
    }
    const asking = names.flatMap((name, index) => (asksModel(name) ? [index] : []))
    if (asking.length !== 1)
      throw new SwirlError(
        `The option ${option} does not say which of the judges ${names.join(", ")} it is of. Write ${names[0]}.${option}.`,
        { kind: "usage" },
      )
    each[asking[0]!]![option] = value
  }
  return each
}
