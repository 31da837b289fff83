/** Made-up files in the published form of every official benchmark: a few records for each split, in a folder each. */
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"

const people = ["Mira", "Jonas", "Ada"]
const cities = ["Oslo", "Rome", "Lima"]

const gsm8k = people.map((name, row) => ({
  question: `${name} has ${row + 2} apples and buys 5 more. How many has ${name} now?`,
  answer: `${name} has ${row + 2} + 5 = <<${row + 2}+5=${row + 7}>>${row + 7} apples.\n#### ${row + 7}`,
}))

const paragraphs = (row: number): [string, string[]][] => [
  [people[row]!, [`${people[row]} was born in ${cities[row]}.`, " It was a Tuesday."]],
  [cities[row]!, [`${cities[row]} is a city.`]],
  ["Glacier", ["A glacier moves slowly."]],
]

const hotpotqa = people.map((name, row) => ({
  _id: `made-up-${row}`,
  question: `Where was ${name} born?`,
  answer: cities[row],
  type: "bridge",
  level: "easy",
  supporting_facts: [
    [name, 0],
    [cities[row], 0],
  ],
  context: paragraphs(row),
}))
const hidden = hotpotqa.map(({ _id, question, context }) => ({ _id, question, context }))

const beerqa = {
  version: 1,
  data: people.map((name, row) => ({
    id: `made-up-${row}`,
    src: "hotpotqa",
    question: `Where was ${name} born?`,
    answers: [cities[row], `the city of ${cities[row]}`],
    context: paragraphs(row).map(([title, sentences]) => [title, sentences.join("")]),
  })),
}

const cofca = people.map((name, row) => ({
  _id: row,
  question: `What is the city where ${name} was born?`,
  answer: cities[row],
  type: "2-hop",
  sub_questions: [`Where was ${name} born?`, "What is it?"],
  sub_answers: [cities[row], cities[row]],
  context: paragraphs(row),
}))

const musique = (answerable: boolean) =>
  people.map((name, row) => ({
    id: `2hop__${row}_${row + 1}`,
    question: `What is the city where ${name} was born?`,
    answer: cities[row],
    answer_aliases: [`${cities[row]} city`],
    answerable,
    question_decomposition: [
      { id: 1, question: `${name} >> place of birth`, answer: cities[row], paragraph_support_idx: 0 },
      { id: 2, question: "#1 >> kind", answer: cities[row], paragraph_support_idx: 1 },
    ],
    paragraphs: paragraphs(row).map(([title, sentences], idx) => ({
      idx,
      title,
      paragraph_text: sentences.join(""),
      is_supporting: idx < 2,
    })),
  }))
const answerable = jsonLines(musique(true))
const both = jsonLines(musique(true).flatMap((record, row) => [record, musique(false)[row]!]))

export const officialData = temporaryFolder({
  "gsm8k/train.jsonl": jsonLines(gsm8k),
  "gsm8k/test.jsonl": jsonLines(gsm8k),
  "gsm8k/train_socratic.jsonl": jsonLines(gsm8k),
  "gsm8k/test_socratic.jsonl": jsonLines(gsm8k),
  "hotpotqa/hotpot_train_v1.1.json": hotpotqa,
  "hotpotqa/hotpot_dev_distractor_v1.json": hotpotqa,
  "hotpotqa/hotpot_dev_fullwiki_v1.json": hotpotqa,
  "hotpotqa/hotpot_test_fullwiki_v1.json": hidden,
  "beerqa/beerqa_train_v1.0.json": beerqa,
  "beerqa/beerqa_dev_v1.0.json": beerqa,
  "beerqa/beerqa_test_questions_v1.0.json": beerqa,
  "cofca/cofca_2hop.json": cofca,
  ...Object.fromEntries(
    ["train", "dev", "test"].flatMap((split) => [
      [`musique/musique_ans_v1.0_${split}.jsonl`, answerable],
      [`musique/musique_full_v1.0_${split}.jsonl`, both],
    ]),
  ),
})
