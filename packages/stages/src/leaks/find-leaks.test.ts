import type { KnownQuestion, SeenQuestion } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { findLeaks } from "./find-leaks.ts"

const asked = (question: string, facts: Partial<KnownQuestion> = {}): KnownQuestion => ({
  benchmark: "a/a",
  split: "test",
  taskId: "test/1",
  question,
  ...facts,
})
const seen = (question: string, facts: Partial<SeenQuestion> = {}): SeenQuestion => ({
  schema: "swirl.seen-question/1",
  benchmark: "b/b",
  split: "train",
  taskId: "train/9",
  use: "training",
  training: "swirl",
  question,
  ...facts,
})
const kindOf = (one: KnownQuestion, ...before: SeenQuestion[]) => findLeaks([one], before)[0]?.kind

test("one text is one question, in whatever benchmark; the leak says what was seen", () => {
  expect(findLeaks([asked("Who wrote Faust?"), asked("Who wrote Emma?")], [seen("who wrote  FAUST")])).toEqual([
    {
      kind: "question",
      seen: { benchmark: "b/b", split: "train", taskId: "train/9", use: "training", training: "swirl" },
    },
    undefined,
  ])
})

test("one id of one benchmark is one question, unless its text is another: ids may be row numbers", () => {
  const facts = { benchmark: "a/a", taskId: "test/1" }
  const question = "Which of the two towns on the river is the older one?"
  expect(kindOf(asked(question), seen(question, facts))).toBe("id")
  expect(kindOf(asked(question), seen(question.replace("two", "three"), facts))).toBe("id")
  expect(kindOf(asked(question), seen("How many apples has Tom?", facts))).toBeUndefined()
  expect(kindOf(asked(question), seen(question.replace("two", "three")))).toBeUndefined()
})

test("a step on the way to the one question that is the other", () => {
  const composed = "Who is the spouse of the performer of Green?"
  const step = "Who performed Green?"
  expect(kindOf(asked(composed, { subQuestions: [step] }), seen("who performed green"))).toBe("sub-question")
  expect(kindOf(asked(step), seen(composed, { subQuestions: [step] }))).toBe("sub-question")
  const other = { subQuestions: [step] }
  expect(kindOf(asked("Where was the performer of Green born?", other), seen(composed, other))).toBeUndefined()
})

test("the same gold passages, in whatever order; one alone says nothing", () => {
  const titles = ["Tom Hanks", "Big (film)"]
  expect(kindOf(asked("a", { titles }), seen("b", { titles: ["BIG film", "Tom Hanks"] }))).toBe("titles")
  expect(kindOf(asked("a", { titles }), seen("b", { titles: [...titles, "Boston"] }))).toBeUndefined()
  expect(
    kindOf(asked("a", { titles: ["Boston"] }), seen("b", { titles: ["Boston", "boston"], taskId: "x" })),
  ).toBeUndefined()
})

const long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"

test("runs of 13 words that make up four fifths of what is asked", () => {
  expect(kindOf(asked(`${long} sixteen`), seen(`well then, ${long} and so on and on`))).toBe("13-gram")
  // 15 of 18 are, of 19 no more.
  expect(kindOf(asked(`a b c ${long}`), seen(long))).toBe("13-gram")
  expect(kindOf(asked(`a b c d ${long}`), seen(long))).toBeUndefined()
  // Two runs of thirteen, with a word between them that is another.
  const broken = (word: string) => `${long} ${word} ${long.split(" ").reverse().join(" ")}`
  expect(kindOf(asked(broken("x")), seen(broken("y")))).toBe("13-gram")
})

test("shorter questions, and those that a program puts together, are not known by their phrases", () => {
  const twelve = long.split(" ").slice(0, 12).join(" ")
  expect(kindOf(asked(`${twelve} x`), seen(`${twelve} y`))).toBeUndefined()
  for (const [a, b] of [
    [true, false],
    [false, true],
  ])
    expect(kindOf(asked(`${long} x`, { isGenerated: a }), seen(`${long} y`, { isGenerated: b }))).toBeUndefined()
})

test("of several the strongest kind stands, then the first", () => {
  const titles = ["A", "B"]
  const [one, two, three] = [
    seen("x", { titles }),
    seen("who", { taskId: "train/2" }),
    seen("who", { taskId: "train/3" }),
  ]
  for (const order of [
    [one, two, three],
    [two, three, one],
  ])
    expect(findLeaks([asked("Who?", { titles })], order)[0]).toMatchObject({
      kind: "question",
      seen: { taskId: "train/2" },
    })
})

test("twenty thousand questions against two thousand take a second or so", { timeout: 60_000 }, () => {
  const text = (number: number) =>
    Array.from({ length: 30 }, (_, place) => `${number % (place + 7)}x${number}`).join(" ")
  const many = Array.from({ length: 2000 }, (_, number) => asked(text(number * 3), { taskId: `${number}` }))
  function* stream() {
    for (let number = 0; number < 20_000; number++) yield seen(text(number), { taskId: `${number}` })
  }
  const before = process.cpuUsage()
  expect(findLeaks(many, stream()).filter(Boolean)).toHaveLength(2000)
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10)
})
