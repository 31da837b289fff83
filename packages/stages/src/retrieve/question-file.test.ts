import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readQuestionFile } from "./question-file.ts"

const questions = (text: string | Buffer) =>
  readQuestionFile(join(temporaryFolder({ "questions.csv": text }), "questions.csv"))

test("questions come from JSON lines and from CSV with quotes, titles as list or with bars", async () => {
  const expected = [
    { question: 'Who is "A",\nB?', goldTitles: ["A, B", "C"] },
    { question: "d\re", goldTitles: ["E"] },
  ]
  const csv = '\uFEFFid,question,gold_titles\r\n1,"Who is ""A"",\nB?","A, B | C"\r\n\r\n2,d\re,E\r\n'
  expect(await questions(csv)).toEqual(expected)
  const lines =
    '{"question":"Who is \\"A\\",\\nB?","gold_titles":["A, B","C"]}\n\n{"question":"d\\re","gold_titles":"E"}\n'
  expect(await questions(lines)).toEqual(expected)
})

test("questions that cannot be read are errors with file and line", async () => {
  await expect(questions('{"question":"a","gold_titles":["b"]}\n{"question":"a"}')).rejects.toThrow(
    /questions\.csv, line 2: no gold_titles/,
  )
  await expect(questions("{oops")).rejects.toThrow(/line 1: not JSON/)
  await expect(questions("a,b\n1,2")).rejects.toThrow(/no columns question and gold_titles/)
  const latin = Buffer.from("question,gold_titles\nø,Tromsø\n", "latin1")
  await expect(questions(latin)).rejects.toThrow(/questions\.csv, line 2 is not UTF-8 text\. Save/)
})

test("questions in a CSV file cut short, or with a column too many, are errors with file and line", async () => {
  const table = 'question,gold_titles,note\n"two\nlines",B,x\n'
  await expect(questions(`${table}c,D`)).rejects.toThrow(/questions\.csv, line 4: 2 of 3 columns/)
  await expect(questions(`${table}c,D,x,y\n`)).rejects.toThrow(/line 4: 4 of 3 columns/)
  await expect(questions(`${table}c,D,"x`)).rejects.toThrow(/line 4: a quotation mark that nothing closes/)
  expect(await questions(`${table}c,D,`)).toHaveLength(2)
})
