/** Whether an identity in verdicts is of the judge that an experiment names; of judges in conjunction, of all of them and of no other. */
export function isOfJudge(identity: unknown, judge: unknown): boolean {
  const words = String(identity).split(/[/ ]/)
  const names = String(judge).split("+")
  return words[0] === "all" && words[1] === "of"
    ? names.length > 1 &&
        names.length === String(identity).split(" and ").length &&
        names.every((name) => words.includes(name))
    : names.length === 1 && words.includes(names[0]!)
}
