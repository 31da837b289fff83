/**
 * Which of the questions that are asked were seen before, and how they are known. What is asked is indexed and what was seen
 * streams by, so memory goes with what is asked. Of several matches the strongest kind stands, and of those the first.
 *
 * - `id`: the same id of one benchmark. Ids are row numbers in some files, so half of the words have to be the same.
 * - `question`: the same text, however it is written.
 * - `sub-question`: the one is a step on the way to the other.
 * - `titles`: the same gold passages, two or more. One title alone is an article that hundreds of questions are asked about.
 * - `13-gram`: runs of 13 words that both have make up four fifths of what is asked (13 as for GPT-3, four fifths as for
 *   Llama 2). A single run would accuse every "According to the 2010 census, what was the population of the city in which …".
 */
import { type KnownQuestion, type Leak, type LeakKind, leakKinds, type SeenQuestion } from "@swirl-ts/core"
import { questionKey, questionWords } from "./question-text.ts"

const runLength = 13
const coveredShare = 0.8
const sharedShare = 0.5

/** One entry a question that is asked, in their order; undefined where nothing is known of it. */
export function findLeaks(asked: readonly KnownQuestion[], seen: Iterable<SeenQuestion>): (Leak | undefined)[] {
  const index = indexOf(asked)
  const leaks = asked.map((): Leak | undefined => undefined)
  for (const question of seen) {
    for (const [place, kind] of matches(index, question)) {
      const before = leaks[place]
      if (before && leakKinds.indexOf(before.kind) <= leakKinds.indexOf(kind)) continue
      const { benchmark, split, taskId, use, training } = question
      leaks[place] = { kind, seen: { benchmark, split, taskId, use, training } }
    }
  }
  return leaks
}

/** By what is compared, the places of the questions that have it. */
type Places = Map<string, number[]>

interface AskedIndex {
  asked: readonly KnownQuestion[]
  byId: Places
  byText: Places
  bySubQuestion: Places
  byTitles: Places
  byRun: Places
}

function indexOf(asked: readonly KnownQuestion[]): AskedIndex {
  const index = { byId: new Map(), byText: new Map(), bySubQuestion: new Map(), byTitles: new Map(), byRun: new Map() }
  const put = (places: Places, key: string | undefined, place: number): void => {
    if (key === undefined) return
    const there = places.get(key)
    if (!there) places.set(key, [place])
    else if (there.at(-1) !== place) there.push(place)
  }
  for (const [place, question] of asked.entries()) {
    put(index.byId, idKey(question), place)
    put(index.byText, questionKey(question.question), place)
    for (const step of question.subQuestions ?? []) put(index.bySubQuestion, questionKey(step), place)
    put(index.byTitles, titlesKey(question), place)
    for (const run of runsOf(question)) put(index.byRun, run, place)
  }
  return { asked, ...index }
}

function* matches(index: AskedIndex, seen: SeenQuestion): Generator<readonly [place: number, kind: LeakKind]> {
  const { asked, byId, byText, bySubQuestion, byTitles, byRun } = index
  const at = (places: Places, key: string | undefined): readonly number[] =>
    (key === undefined ? undefined : places.get(key)) ?? []
  for (const place of at(byId, idKey(seen))) if (sharesWords(asked[place]!, seen)) yield [place, "id"]
  const text = questionKey(seen.question)
  for (const place of at(byText, text)) yield [place, "question"]
  for (const place of at(bySubQuestion, text)) yield [place, "sub-question"]
  for (const step of seen.subQuestions ?? [])
    for (const place of at(byText, questionKey(step))) yield [place, "sub-question"]
  for (const place of at(byTitles, titlesKey(seen))) yield [place, "titles"]
  const runs = runsOf(seen)
  const near = new Set(runs.flatMap((run) => at(byRun, run)))
  if (near.size === 0) return
  const shared = new Set(runs)
  for (const place of near) if (isCovered(asked[place]!, shared)) yield [place, "13-gram"]
}

const idKey = ({ benchmark, taskId }: KnownQuestion): string | undefined =>
  taskId === undefined ? undefined : JSON.stringify([benchmark, taskId])

function titlesKey({ titles = [] }: KnownQuestion): string | undefined {
  const keys = new Set(titles.map(questionKey))
  return keys.size < 2 ? undefined : JSON.stringify([...keys].sort())
}

/** Every run of 13 words; none of a question that a program put together. */
function runsOf({ question, isGenerated }: KnownQuestion): string[] {
  if (isGenerated) return []
  const words = questionWords(question)
  if (words.length < runLength) return []
  const text = words.join(" ")
  const starts: number[] = []
  let at = 0
  for (const { length } of words) {
    starts.push(at)
    at += length + 1
  }
  starts.push(at)
  return words.slice(runLength - 1).map((_, first) => text.slice(starts[first], starts[first + runLength]! - 1))
}

/** Whether the runs that are shared make up enough of the question. */
function isCovered(question: KnownQuestion, shared: ReadonlySet<string>): boolean {
  let covered = 0
  let upTo = 0
  const runs = runsOf(question)
  for (const [first, run] of runs.entries()) {
    if (!shared.has(run)) continue
    const end = first + runLength
    covered += end - Math.max(first, upTo)
    upTo = end
  }
  return covered >= coveredShare * (runs.length + runLength - 1)
}

function sharesWords(a: KnownQuestion, b: KnownQuestion): boolean {
  if (questionKey(a.question) === questionKey(b.question)) return true
  const [one, other] = [new Set(questionWords(a.question)), new Set(questionWords(b.question))]
  const shared = [...one].filter((each) => other.has(each)).length
  return shared > 0 && shared >= sharedShare * Math.max(one.size, other.size)
}
