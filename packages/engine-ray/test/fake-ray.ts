/**
 * Ray's Jobs API as it was recorded of Ray 2.60, traps included: whatever looks like a browser is refused, the path without a
 * slash is not there, a used id is a traceback with status 500, and jobs are gone when the cluster is started anew.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { serve } from "@swirl-ts/test-support"
import { strFromU8, unzipSync } from "fflate"

export interface FakeJob {
  submission: {
    entrypoint: string
    submission_id: string
    runtime_env: { working_dir: string }
    [field: string]: unknown
  }
  status: string
  message: string
  errorType: string | null
  /** Of a job that has failed by its command; one that ended well has 0. */
  exitCode?: number
  /** It was stopped, and is said to go on once more. */
  endsWhenSeen?: boolean
  logs: string
  startedAt: number
  /** The files that its package holds. */
  files: Readonly<Record<string, string>>
}

export interface FakeRay {
  url: string
  jobs: Map<string, FakeJob>
  packages: Map<string, Uint8Array>
  /** Method and path of every request, the oldest first. */
  asked: string[]
  /** Forgets jobs and packages, as a cluster that was started anew. */
  restart(): void
  close(): Promise<void>
}

export interface FakeOptions {
  token?: string
  cpus?: number
  /** As a real head: a stopped job is said to go on for a moment. */
  stopsLater?: boolean
  /** What a job does when it is taken; later changes to it are seen by whoever asks. */
  run?(job: FakeJob): void
  /** True: the connection of this request is cut, before it is handled or, with `after`, when it was. */
  cut?(request: string): boolean | "after"
  /** In place of the answer to a request. */
  answer?(request: string): { status: number; body: string } | undefined
}

const details = ({ submission, status, message, errorType, exitCode, startedAt }: FakeJob) => ({
  type: "SUBMISSION",
  job_id: null,
  submission_id: submission.submission_id,
  driver_info: null,
  status,
  entrypoint: submission.entrypoint,
  message,
  error_type: errorType,
  start_time: startedAt,
  end_time: status === "RUNNING" || status === "PENDING" ? null : startedAt + 1,
  metadata: submission.metadata ?? null,
  runtime_env: submission.runtime_env,
  driver_agent_http_address: null,
  driver_node_id: null,
  driver_exit_code: status === "SUCCEEDED" ? 0 : (exitCode ?? null),
})

const used = (id: string): string => `Traceback (most recent call last):
  File "<site-packages>/ray/dashboard/modules/job/job_head.py", line 419, in submit_job
    resp = await job_agent_client.submit_job_internal(submit_request)
RuntimeError: Request failed with status code 400: Traceback (most recent call last):
  File "<site-packages>/ray/dashboard/modules/job/job_manager.py", line 553, in submit_job
    raise ValueError(
ValueError: Job with submission_id ${id} already exists. Please use a different submission_id.
.
`

const badField = (name: string): string => `Traceback (most recent call last):
  File "<site-packages>/ray/dashboard/modules/job/common.py", line 445, in validate_request_type
    return request_type(**json_data)
           ^^^^^^^^^^^^^^^^^^^^^^^^^
TypeError: JobSubmitRequest.__init__() got an unexpected keyword argument '${name}'
`

const fields = ["entrypoint", "submission_id", "runtime_env", "metadata", "entrypoint_num_cpus", "entrypoint_num_gpus"]

export async function fakeRay(options: FakeOptions = {}): Promise<FakeRay> {
  const jobs = new Map<string, FakeJob>()
  const packages = new Map<string, Uint8Array>()
  const asked: string[] = []

  const handle = (request: IncomingMessage, path: string, body: Buffer): { status: number; body: unknown } => {
    const { method = "GET", headers } = request
    if (method !== "GET" && headers["sec-fetch-mode"])
      return { status: 405, body: `'${method}' method not allowed for browser traffic.` }
    if (options.token && headers.authorization !== `Bearer ${options.token}`)
      return { status: 401, body: "Unauthorized: Missing or invalid authentication token" }
    if (path === "/api/version")
      return { status: 200, body: { version: "4", ray_version: "2.60.0", ray_commit: "b7f4", session_name: "s" } }
    const name = /^\/api\/packages\/gcs\/(.+)$/.exec(path)?.[1]
    if (name !== undefined && method === "PUT") {
      packages.set(name, new Uint8Array(body))
      return { status: 200, body: "" }
    }
    if (name !== undefined)
      return packages.has(name)
        ? { status: 200, body: "" }
        : { status: 404, body: `Package gcs://${name} does not exist` }
    if (path === "/api/jobs/" && method === "GET") return { status: 200, body: [...jobs.values()].map(details) }
    if (path === "/api/jobs/") return submit(JSON.parse(body.toString("utf8")))
    const [, id = "", call] = /^\/api\/jobs\/([^/]+)(?:\/(logs|stop))?$/.exec(path) ?? []
    const job = jobs.get(id)
    if (id === "") return { status: 404, body: "404: Not Found" }
    if (!job) return { status: 404, body: `Job ${id} does not exist` }
    if (call === "logs") return { status: 200, body: { logs: job.logs } }
    if (call !== "stop") {
      const said = details(job)
      if (job.endsWhenSeen) Object.assign(job, { status: "STOPPED", endsWhenSeen: false })
      return { status: 200, body: said }
    }
    const stopped = job.status === "RUNNING" || job.status === "PENDING"
    if (stopped) Object.assign(job, { message: "Job was intentionally stopped." })
    if (stopped && options.stopsLater) job.endsWhenSeen = true
    else if (stopped) job.status = "STOPPED"
    return { status: 200, body: { stopped } }
  }

  const submit = (submission: FakeJob["submission"]): { status: number; body: unknown } => {
    const unknown = Object.keys(submission).find((field) => !fields.includes(field))
    if (unknown !== undefined) return { status: 400, body: badField(unknown) }
    const { submission_id: id, runtime_env: environment } = submission
    if (jobs.has(id)) return { status: 500, body: used(id) }
    const bytes = packages.get(environment.working_dir.replace("gcs://", ""))
    const files = Object.fromEntries(
      Object.entries(bytes ? unzipSync(bytes) : {}).map(([path, content]) => [path, strFromU8(content)]),
    )
    const job: FakeJob = {
      submission,
      status: "PENDING",
      message:
        "Job has not started yet. It may be waiting for resources (CPUs, GPUs, memory, custom resources) to become available.",
      errorType: null,
      logs: "",
      startedAt: Date.now(),
      files,
    }
    jobs.set(id, job)
    if (Number(submission.entrypoint_num_cpus ?? 0) > (options.cpus ?? 4)) return { status: 200, body: answered(id) }
    Object.assign(job, { status: "RUNNING", message: "Job is currently running." })
    options.run?.(job)
    return { status: 200, body: answered(id) }
  }
  const answered = (id: string) => ({ job_id: id, submission_id: id })

  const server = await serve(async (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = []
    const path = request.url ?? "/"
    const said = `${request.method} ${path}`
    asked.push(said)
    const cut = options.cut?.(said)
    if (cut === true) return void request.socket.destroy()
    for await (const piece of request) pieces.push(piece as Buffer)
    const { status, body } = options.answer?.(said) ?? handle(request, path, Buffer.concat(pieces))
    if (cut === "after") return void request.socket.destroy()
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body))
  })
  return {
    url: server.url,
    jobs,
    packages,
    asked,
    restart() {
      jobs.clear()
      packages.clear()
    },
    close: server.close,
  }
}
