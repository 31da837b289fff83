import { testBenchmark } from "@swirl-ts/testing"
import { wordProblems } from "./benchmark.ts"

testBenchmark(wordProblems, { name: "word-problems" })

// An answer may be a sentence, and its number written as people write it.
testBenchmark(wordProblems, {
  name: "word-problems-in-sentences",
  goldAnswer: ({ answer }) => `It is ${answer}.0.`,
})
