/** In a browser: nothing is served there, so nobody elsewhere trains with its judge. Same names as `server.ts`. */
import { SwirlError } from "@swirl-ts/core"

const refuse = (): never => {
  throw new SwirlError("A browser serves no judge, so a training elsewhere cannot ask it. Use --engine local.", {
    kind: "usage",
  })
}

export const judgeClient = refuse
export const serveJudge = refuse
