/**
 * What is said of the cluster and of how it is asked: by the environment (`SWIRL_RAY_…`), else by the plugin's options. None of
 * it is part of what a training is, so it may change while one goes on.
 */
import { isAbsolute } from "node:path/posix"
import { type Host, SwirlError } from "@swirl-ts/core"
import { readOptions, readTextIfThere } from "@swirl-ts/kit"
import { z } from "zod"
import type { RayAddress } from "./ray/request.ts"

const amount = z.coerce.number().nonnegative()

export const ClusterSchema = z.strictObject({
  /** Interpreter on the cluster that has the trainer: a path there. Default: `python3`, whatever that is there. */
  python: z.string().min(1).default("python3"),
  /** The command on the cluster, for what is generated and evaluated there: a path there. Default: `swirl`, whatever that is there. */
  swirl: z.string().min(1).default("swirl"),
  /** That the job's own process holds; the cluster has to have as many. */
  cpus: amount.default(1),
  gpus: amount.default(0),
  /** How long a job may wait for them. */
  pendingMinutes: z.coerce.number().positive().default(30),
  /** How long a cluster that does not answer is waited for while a job is followed. */
  patienceMinutes: z.coerce.number().positive().default(5),
  /** Between two looks at a job. */
  pollSeconds: z.coerce.number().positive().default(2),
  /** Rows that are computed together, at most: what memory allows. A step's batch stays what it is. */
  rowsAtOnce: z.coerce.number().int().positive().default(8),
  /** How long a job waits for a judge that is away, as while its client is. */
  judgeMinutes: z.coerce.number().positive().default(30),
  /** What Ctrl-C does to the job. */
  onInterrupt: z.enum(["detach", "stop"]).default("detach"),
})
export type ClusterOptions = z.input<typeof ClusterSchema>
export type Cluster = z.output<typeof ClusterSchema>

const variables: Readonly<Record<keyof Cluster, string>> = {
  python: "SWIRL_RAY_PYTHON",
  swirl: "SWIRL_RAY_SWIRL",
  cpus: "SWIRL_RAY_CPUS",
  gpus: "SWIRL_RAY_GPUS",
  pendingMinutes: "SWIRL_RAY_PENDING_MINUTES",
  patienceMinutes: "SWIRL_RAY_PATIENCE_MINUTES",
  pollSeconds: "SWIRL_RAY_POLL_SECONDS",
  rowsAtOnce: "SWIRL_RAY_ROWS_AT_ONCE",
  judgeMinutes: "SWIRL_RAY_JUDGE_MINUTES",
  onInterrupt: "SWIRL_RAY_ON_INTERRUPT",
}

export function readCluster(options: unknown, { environment }: Pick<Host, "environment">): Cluster {
  const told = Object.entries(variables).flatMap(([name, variable]) =>
    environment[variable] ? [[name, environment[variable]]] : [],
  )
  const cluster = readOptions("plugin engine-ray", ClusterSchema, options, Object.fromEntries(told))
  for (const [what, name] of [
    ["interpreter", "python"],
    ["command", "swirl"],
  ] as const)
    if (cluster[name].includes("/") && !isAbsolute(cluster[name]))
      throw new SwirlError(
        `The ${what} "${cluster[name]}" is no absolute path: a job has a folder of its own on the cluster. Write all of it (${variables[name]}).`,
        { kind: "usage" },
      )
  return cluster
}

const official = "http://127.0.0.1:8265"

/** Where the dashboard is, and the token of a cluster that wants one: from the environment or a file, never from the command line. */
export async function rayAddress(given: unknown, { environment }: Pick<Host, "environment">): Promise<RayAddress> {
  const said = typeof given === "string" && given !== "" ? given : environment.RAY_API_SERVER_ADDRESS || official
  const url = said.replace(/\/+$/, "")
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    const shown = url.replace(/^(.*?\/\/)?.*@/, "$1…@")
    throw new SwirlError(
      `"${shown}" is no address of a Ray dashboard; write e.g. --engine-url http://head:8265. A token goes into SWIRL_ENGINE_KEY.`,
      { kind: "usage" },
    )
  }
  const { SWIRL_ENGINE_KEY: key, SWIRL_ENGINE_KEY_FILE: file, RAY_AUTH_TOKEN: own } = environment
  const token = (key || (file ? await keyIn(file) : undefined) || own)?.trim()
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new SwirlError("The token of the Ray cluster has to be one word of visible ASCII characters.", {
      kind: "usage",
    })
  return { url, ...(token ? { token } : {}) }
}

async function keyIn(file: string): Promise<string> {
  const text = await readTextIfThere(file)
  if (text === undefined)
    throw new SwirlError(`The file of the key, ${file} (SWIRL_ENGINE_KEY_FILE), is not there.`, { kind: "usage" })
  return text
}
