/** Ray's Jobs API (Ray 2.60), the calls of it that are used here. Every failure is a sentence; what is not there is undefined. */
import { SwirlError } from "@swirl-ts/core"
import { parseJson, withRetry } from "@swirl-ts/kit"
import { z } from "zod"
import { refusal } from "./refusal.ts"
import { ask, type RayAddress, type RayAnswer, type RayRequest } from "./request.ts"

const jobStatuses = ["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"] as const

const DetailsSchema = z.looseObject({
  submission_id: z.string().nullish(),
  status: z.enum(jobStatuses),
  entrypoint: z.string().optional(),
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
  /** Milliseconds since 1970. */
  start_time: z.number().nullish(),
  end_time: z.number().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
})
export type JobDetails = z.infer<typeof DetailsSchema>

export const hasEnded = ({ status }: Pick<JobDetails, "status">): boolean =>
  status !== "PENDING" && status !== "RUNNING"

export interface Submission {
  entrypoint: string
  submission_id: string
  runtime_env: { working_dir: string; env_vars: Record<string, string> }
  /** Of texts alone. */
  metadata: Record<string, string>
  entrypoint_num_cpus?: number
  entrypoint_num_gpus?: number
  entrypoint_memory?: number
}

export interface RayJobs {
  readonly url: string
  version(): Promise<string>
  /** Undefined where the cluster knows no such job: never submitted, deleted, or the cluster was started anew. */
  find(id: string): Promise<JobDetails | undefined>
  list(): Promise<JobDetails[]>
  /** All that it has printed so far. */
  logs(id: string): Promise<string>
  submit(submission: Submission): Promise<void>
  /** False where it had ended. */
  stop(id: string): Promise<boolean>
  hasPackage(name: string): Promise<boolean>
  upload(name: string, bytes: Uint8Array): Promise<void>
}

/** An upload may take as long as this from one sign of the server to the next. */
const uploadTimeout = 300_000

export function rayJobs(address: RayAddress, abortSignal?: AbortSignal): RayJobs {
  const send = (request: RayRequest): Promise<RayAnswer> => ask(address, { abortSignal, ...request })
  /** Asking changes nothing, so it may be asked again. */
  const read = (path: string): Promise<RayAnswer> =>
    withRetry(() => send({ method: "GET", path }), 2, { attempts: 4, firstDelay: 300 }, abortSignal)
  const well = (what: string, answer: RayAnswer): RayAnswer => {
    if (answer.status === 200) return answer
    throw refusal(address, what, answer)
  }
  const readAs = <S extends z.ZodType>(what: string, schema: S, { body }: RayAnswer): z.infer<S> => {
    const { data, error } = schema.safeParse(parseJson(body))
    if (!error) return data
    throw new SwirlError(
      `What answers at ${address.url} does not ${what} as Ray does: ${body.slice(0, 200)}. Give the address of the dashboard, such as http://head:8265.`,
    )
  }
  const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`

  return {
    url: address.url,
    async version() {
      const answer = well("tell its version", await read("/api/version"))
      return readAs("tell its version", z.looseObject({ ray_version: z.string() }), answer).ray_version
    },
    async find(id) {
      const answer = await read(jobPath(id))
      if (answer.status === 404) return undefined
      return readAs("tell of a job", DetailsSchema, well(`tell of the job ${id}`, answer))
    },
    async list() {
      return readAs("list its jobs", z.array(DetailsSchema), well("list its jobs", await read("/api/jobs/")))
    },
    async logs(id) {
      const answer = await read(`${jobPath(id)}/logs`)
      if (answer.status === 404) return ""
      return readAs("give logs", z.object({ logs: z.string() }), well(`give the log of ${id}`, answer)).logs
    },
    async submit(submission) {
      // With the slash: without it Ray answers 404.
      well("take the job", await send({ method: "POST", path: "/api/jobs/", body: submission }))
    },
    async stop(id) {
      const answer = await send({ method: "POST", path: `${jobPath(id)}/stop` })
      if (answer.status === 404) return false
      return readAs("stop a job", z.object({ stopped: z.boolean() }), well(`stop ${id}`, answer)).stopped
    },
    async hasPackage(name) {
      const answer = await read(`/api/packages/gcs/${name}`)
      if (answer.status === 404) return false
      well("say whether it has the files of the job", answer)
      return true
    },
    async upload(name, bytes) {
      const put: RayRequest = { method: "PUT", path: `/api/packages/gcs/${name}`, body: bytes, timeout: uploadTimeout }
      // What was cut off is no package there; the same bytes have the same name, so sending them again is harmless.
      const answer = await withRetry(() => send(put), 3, { attempts: 4, firstDelay: 1000 }, abortSignal)
      well("take the files of the job", answer)
    },
  }
}
