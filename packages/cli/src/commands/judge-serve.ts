import { once } from "node:events"
import { resolve } from "node:path"
import { type Host, SwirlError } from "@swirl-ts/core"
import { counted, utf8Text } from "@swirl-ts/kit"
import { serveJudge } from "@swirl-ts/stages"
import { judgeOptions, withoutUndefined } from "../options/requests.ts"
import { dataOptions, judgeModelOptions, modelOptions, runOptions, stepJudge, toolOptions } from "../options/tables.ts"
import { path, positive, seconds, share, whole } from "../options/values.ts"
import { defineCommand } from "./command.ts"

const { backend, precision } = modelOptions

export const command = defineCommand({
  name: "judge serve",
  description:
    "answer the reward requests of TRL, verl, OpenRLHF and slime by HTTP: verdicts on fresh actions at the run's states",
  options: {
    judge: { ...stepJudge, help: "a judge or an oracle judge: swirl list; a+b for what both call good" },
    noise: { value: "<share>", help: "flip this share of verdicts, to study judges", parse: share },
    port: { value: "<n>", help: "0 for any that is free", parse: whole, default: 8790 },
    host: {
      value: "<address>",
      help: "to listen at; another than this machine's own needs a token",
      default: "127.0.0.1",
    },
    tokenFile: {
      value: "<file>",
      help: "a file that holds the token that requests have to bring (or the environment: SWIRL_JUDGE_TOKEN)",
      parse: path,
    },
    maxBytes: { value: "<n>", help: "largest body of a request", parse: positive, default: 16_777_216 },
    requestTimeout: { value: "<seconds>", help: "longest a request may take to arrive", parse: seconds, default: 30 },
    batch: { value: "<n>", help: "actions that are judged together, at most", parse: positive, default: 64 },
    batchWait: {
      value: "<milliseconds>",
      help: "how long the first action of a batch waits for others",
      parse: whole,
      default: 5,
    },
    queue: {
      value: "<n>",
      help: "actions that may wait for a verdict, and that one request may ask for; above, the answer is 429",
      parse: positive,
      default: 4096,
    },
    rate: {
      value: "<n>",
      help: "most new actions a second; above, the answer is 429 (default: no limit)",
      parse: positive,
    },
    ...dataOptions,
    ...toolOptions,
    ...runOptions,
    concurrency: { ...runOptions.concurrency, help: "calls of the judge's model at once" },
    backend,
    precision,
    ...judgeModelOptions,
  },
  async run(context, given) {
    const { host, say, abortSignal, directory } = context
    const { judge, noise, port, maxBytes, requestTimeout, batch, batchWait, queue, rate } = given
    const served = await serveJudge(context, {
      judge,
      judgeOptions: { ...judgeOptions(given), ...withoutUndefined({ noise }) },
      host: given.host,
      port,
      token: tokenOf(context.host, given.tokenFile),
      maxBytes,
      arrival: requestTimeout,
      batch,
      batchWait,
      queue,
      rate,
    })
    const { service, url, answers } = served
    const oracle = service.judge.oracle ? " (oracle: knows the task)" : ""
    say(
      `Serving the judge ${service.judge.name}${oracle} at ${url}, over ${counted(service.states.trajectories.length, "trajectory", "trajectories")} of ${directory}. Every verdict goes to ${service.records}. Ctrl-C ends it.`,
    )
    if (!abortSignal.aborted) await once(abortSignal, "abort")
    host.log("Stopping: requests that are here are answered first.")
    await served.stop()
    const { asked, good, bad, unscored, failed, cached } = service.counts
    const requests = [...answers.values()].reduce((sum, count) => sum + count, 0)
    say(
      `${counted(requests, "request")}, ${counted(asked, "action")}: ${good} good, ${bad} bad, ${unscored} without a verdict, ${failed} not answered; ${cached} of them were known`,
    )
  },
})

/** From a file, else from the environment; never from the command line, which others on the machine can read. */
function tokenOf(
  { environment, workingDirectory }: Pick<Host, "environment" | "workingDirectory">,
  file: string | undefined,
): string | undefined {
  const given =
    file === undefined ? environment.SWIRL_JUDGE_TOKEN : utf8Text(resolve(workingDirectory, file), "The token")
  if (file === undefined && !given) return undefined
  const token = given?.trim() ?? ""
  // A header carries these, and nothing else.
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new SwirlError(
    `The token of ${file ?? "SWIRL_JUDGE_TOKEN"} cannot be used: it has to be one word of visible ASCII characters. Make one: openssl rand -hex 32`,
    { kind: "usage" },
  )
}
