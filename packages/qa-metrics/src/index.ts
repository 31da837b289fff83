export { answerTokens, containsAnswer, normaliseAnswer, showsTitle } from "./normalise.ts"
export { meanInOrder, pythonLower, pythonRound, pythonSplit } from "./python-text.ts"
export { type AnswerScores, beerqaAnswer, fromCounts, hotpotAnswer, musiqueAnswer } from "./scores.ts"
