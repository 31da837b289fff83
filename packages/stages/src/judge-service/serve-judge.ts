/** `swirl judge serve` as a function: the service over a run folder, by HTTP, until it is stopped. */
import type { StageContext } from "../context.ts"
import { type RunningServer, type ServeOptions, serveByHttp } from "./http-server.ts"
import { type JudgeService, type JudgeServiceOptions, openJudgeService } from "./judge-service.ts"

export interface ServedJudge {
  url: string
  service: JudgeService
  answers: RunningServer["answers"]
  /** Answers the requests that are there, for `grace` milliseconds at most; then what is being judged is given up. */
  stop(grace?: number): Promise<void>
}

export async function serveJudge(
  context: StageContext,
  options: JudgeServiceOptions & Omit<ServeOptions, "log" | "maxActions">,
): Promise<ServedJudge> {
  // Not the context's own signal: what was asked before it fires is answered.
  const giveUp = new AbortController()
  const service = await openJudgeService({ ...context, abortSignal: giveUp.signal }, options)
  try {
    const server = await serveByHttp(service, { ...options, maxActions: options.queue, log: context.host.log })
    return {
      url: server.url,
      service,
      answers: server.answers,
      async stop(grace = 7000) {
        await server.stop(grace)
        giveUp.abort(new Error("The judge service was stopped."))
        await service.close()
      },
    }
  } catch (error) {
    await service.close()
    throw error
  }
}
