/** What a training on another machine needs of the judge service. */
export { judgeClient } from "./judge-client.ts"
export { serveJudge } from "./serve-judge.ts"
