import type {
  Judge,
  JudgeContext,
  JudgeFactory,
  JudgeFactoryOptions,
  JudgeInput,
  JudgeVerdict,
  OracleFactory,
  OracleJudge,
  OutcomeJudge,
  OutcomeJudgeFactory,
  Sibling,
} from "@swirl-ts/core"
import { readGeneration, userMessage } from "@swirl-ts/core"
import { sampleInputs } from "../../src/data/conversations.ts"
import { type JudgeChecks, judgeChecks, oracleChecks, outcomeJudgeChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const good: JudgeVerdict = { verdict: "good", reason: "it stands in what was seen" }
const bad: JudgeVerdict = { verdict: "bad", reason: "nothing that was seen says so" }
const later = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, 3_000, value))
let count = 0

/** An answer has to stand in the last observation. */
function seen({ conversation, action: { action } }: JudgeInput): JudgeVerdict {
  if (action.kind === "malformed") return { verdict: "bad", reason: "it cannot be read" }
  if (action.kind === "tool") return { verdict: "unscored", reason: "this judge judges answers" }
  return conversation.at(-1)?.observation?.text.includes(action.answer) ? good : bad
}
const judgeWith = (change: Partial<Judge> = {}): JudgeFactory => ({
  description: "Answers stand in what was seen.",
  create: ({ strict }: JudgeFactoryOptions) => ({ identity: `seen strict=${strict}`, judge: seen, ...change }),
})

/** What a model said, word for word; `unclear` is what anything else means. */
async function askModel(
  context: JudgeContext | undefined,
  word: string,
  unclear: "unscored" | "good",
): Promise<JudgeVerdict> {
  const { model } = await context!.openModel("checked")
  const { text } = readGeneration(await model.doGenerate({ prompt: [userMessage("Is it good?")] }))
  return text === word ? good : { verdict: unclear, reason: "the model said nothing clear" }
}
/** What the model fails at is called bad where it is not `careful`. */
const asking = (unclear: "unscored" | "good", careful: boolean, word = "GOOD") => ({
  description: "Asks a model.",
  asksModel: true,
  create: (_options: JudgeFactoryOptions, context?: JudgeContext) => ({
    identity: "asks",
    judge: () =>
      askModel(context, word, unclear).catch((error): JudgeVerdict => {
        if (careful) throw error
        return bad
      }),
  }),
})

/** An answer is good when it is the one that `elected` names among the siblings; without one, `mute`. */
const voting = (
  elected: (siblings: readonly Sibling[]) => string | undefined,
  mute: JudgeVerdict = { verdict: "unscored", reason: "nobody votes" },
): JudgeFactory => ({
  description: "Answers as others do.",
  needs: ["siblings"],
  create: () => ({
    identity: "votes",
    judge: ({ action: { action }, siblings = [] }) => {
      const answer = elected(siblings)
      if (answer === undefined) return mute
      return action.kind === "answer" && action.answer === answer ? good : bad
    },
  }),
})

function mostFrequent(siblings: readonly Sibling[]): string | undefined {
  const votes = [...Map.groupBy(siblings, ({ answer }) => answer)].filter(([answer]) => answer !== undefined)
  return votes.sort(([, a], [, b]) => b.length - a.length)[0]?.[0]
}

const answers = sampleInputs.filter(({ action }) => action.action.kind === "answer")
const given: JudgeChecks = {
  otherOptions: [{ strict: true }],
  good: [answers[0]!],
  bad: [sampleInputs.find(({ action }) => action.action.kind === "malformed")!],
}

export const judge = brokenExamples<JudgeFactory, JudgeChecks>("judge", judgeChecks, [judgeWith(), given], {
  "is a judge that can be loaded": [{ ...judgeWith(), description: "" }],
  "calls good what is good": [judgeWith({ judge: (input) => (input.action.text === "17" ? bad : seen(input)) })],
  "calls bad what is bad": [
    judgeWith({ judge: (input) => (input.action.action.kind === "malformed" ? good : seen(input)) }),
  ],
  "gives a verdict with a reason, whatever it is shown": [
    judgeWith({ judge: (input) => ({ ...seen(input), score: input.action.text.includes("\u0000") ? 7 : undefined }) }),
  ],
  "sees nothing that is hidden from it": [
    judgeWith({
      judge: (input) => {
        const { answer } = input as { answer?: string }
        return answer === "another answer" ? bad : seen(input)
      },
    }),
  ],
  "knows its siblings by what they say alone": [
    voting((siblings) => siblings.at(0)?.answer),
    { otherOptions: [], good: [], bad: [] },
  ],
  "leaves unscored what it has no siblings for": [
    voting((siblings) => mostFrequent(siblings), bad),
    { otherOptions: [], good: [], bad: [] },
  ],
  "gives the same verdict on the same action": [
    {
      ...judgeWith(),
      create: ({ strict }) => {
        let verdicts = 0
        const judge: Judge["judge"] = (input) => ({ ...seen(input), reason: `verdict ${verdicts++}` })
        return { identity: `seen strict=${strict}`, judge }
      },
    },
  ],
  "is called the same with the same options, and otherwise with others": [judgeWith({ identity: "seen" })],
  "leaves what it is shown as it is": [
    judgeWith({
      judge: (input) => {
        input.action.text = "changed"
        return seen(input)
      },
    }),
  ],
  "ends when its signal is aborted": [
    judgeWith({ judge: (input, options) => (options?.abortSignal ? later(seen(input)) : seen(input)) }),
  ],
  "leaves unscored what its model says nothing clear of": [
    asking("good", true),
    { otherOptions: [], good: [], bad: [] },
  ],
  "leaves unscored what its model fails at": [asking("unscored", false), { otherOptions: [], good: [], bad: [] }],
})

const outcome = (change: Partial<OutcomeJudge> = {}): OutcomeJudgeFactory => ({
  description: "The same letters.",
  create: ({ strict }: JudgeFactoryOptions) => ({
    identity: `equal strict=${strict}`,
    judge: sameLetters,
    ...change,
  }),
})
const sameLetters = ({ reference, answer }: { reference: string; answer: string }): JudgeVerdict =>
  reference.toLowerCase() === answer.toLowerCase() ? good : bad
const ibsen = { question: "Who wrote Peer Gynt?", reference: "Henrik Ibsen" }

export const outcomeJudge = brokenExamples(
  "outcome judge",
  outcomeJudgeChecks,
  [
    outcome(),
    {
      otherOptions: [{ strict: true }],
      same: [{ ...ibsen, answer: "HENRIK IBSEN" }],
      different: [{ ...ibsen, answer: "Edvard Grieg" }],
    },
  ],
  {
    "is an outcome judge that can be loaded": [{ ...outcome(), description: "" }],
    "calls the reference itself good": [
      outcome({ judge: (input) => (input.answer === "17" ? bad : sameLetters(input)) }),
    ],
    "never calls an empty answer good": [
      outcome({ judge: (input) => (input.answer === "" ? good : sameLetters(input)) }),
    ],
    "calls good what says the same": [
      outcome({ judge: (input) => (input.answer === "HENRIK IBSEN" ? bad : sameLetters(input)) }),
    ],
    "calls bad what says something else": [
      outcome({ judge: (input) => (input.answer === "Edvard Grieg" ? good : sameLetters(input)) }),
    ],
    "gives a verdict with a reason, whatever is answered": [
      outcome({ judge: (input) => (input.answer === "NaN" ? { verdict: "bad", reason: "" } : sameLetters(input)) }),
    ],
    "gives the same verdict on the same answer": [
      outcome({ judge: (input) => ({ ...sameLetters(input), reason: `verdict ${count++}` }) }),
    ],
    "leaves what it is shown as it is": [
      outcome({
        judge: (input) => {
          const verdict = sameLetters(input)
          input.answer = "changed"
          return verdict
        },
      }),
    ],
    "is called the same with the same options, and otherwise with others": [outcome({ identity: "equal" })],
    "leaves unscored what its model says nothing clear of": [
      asking("good", true, "YES") as OutcomeJudgeFactory,
      { otherOptions: [], same: [], different: [], skip: { "never calls an empty answer good": "its model says YES" } },
    ],
    "leaves unscored what its model fails at": [
      asking("unscored", false, "YES") as OutcomeJudgeFactory,
      { otherOptions: [], same: [], different: [], skip: { "never calls an empty answer good": "its model says YES" } },
    ],
  },
)

const knows: OracleJudge["judge"] = ({ action: { action } }, task) =>
  action.kind === "answer" && action.answer === task.answer ? good : bad
const oracleWith = (change: Partial<OracleJudge> = {}): OracleFactory => ({
  description: "Knows the answer.",
  create: ({ strict }: JudgeFactoryOptions) => ({ identity: `knows strict=${strict}`, judge: knows, ...change }),
})
const task = { id: "test/0", question: "How many?", answer: "17" }

export const oracle = brokenExamples(
  "oracle",
  oracleChecks,
  [
    oracleWith(),
    { otherOptions: [{ strict: true }], cases: [{ input: answers[0]!, task: { ...task }, verdict: "good" as const }] },
  ],
  {
    "is an oracle that can be loaded": [{ ...oracleWith(), description: "" }],
    "gives the verdicts that are known": [oracleWith({ judge: () => bad })],
    "gives a verdict with a reason, whatever it is shown": [
      oracleWith({
        judge: (input, known) => {
          if (input.action.text.includes("\u0000")) throw new Error("a null character")
          return knows(input, known)
        },
      }),
    ],
    "gives the same verdict on the same action": [
      oracleWith({
        judge: async (input, known) => ({ ...(await knows(input, known)), reason: `verdict ${count++}` }),
      }),
    ],
    "leaves what it is shown as it is": [
      oracleWith({
        judge: (input, known) => {
          input.action.text = "changed"
          return knows(input, known)
        },
      }),
    ],
    "is called the same with the same options, and otherwise with others": [oracleWith({ identity: "knows" })],
    "leaves unscored what its model says nothing clear of": [
      asking("good", true) as OracleFactory,
      { otherOptions: [], cases: [] },
    ],
    "leaves unscored what its model fails at": [
      asking("unscored", false) as OracleFactory,
      { otherOptions: [], cases: [] },
    ],
  },
)
