import { existsSync, readFileSync } from "node:fs"
import { serve } from "@swirl-ts/test-support"
import { afterEach, describe, expect, it } from "vitest"
import { type FakeOptions, type FakeRay, fakeRay } from "../../test/fake-ray.ts"
import { rayJobs, type Submission } from "./jobs.ts"

const running: { close(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map((each) => each.close())))
const started = async (options?: FakeOptions): Promise<FakeRay> => {
  const ray = await fakeRay(options)
  running.push(ray)
  return ray
}

const submission = (id: string): Submission => ({
  entrypoint: "/bin/python job.py",
  submission_id: id,
  runtime_env: { working_dir: "gcs://_ray_pkg_2d544f92f7a80c8f.zip", env_vars: {} },
  metadata: {},
  entrypoint_num_cpus: 1,
})
const failure = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => expect.fail("it should have failed"),
    (error: Error) => error,
  )

describe("the client", () => {
  it("submits, looks, reads the log, lists and stops; what is not there is undefined, empty or false", async () => {
    const ray = await started({ run: (job) => Object.assign(job, { logs: "hello\n" }) })
    const jobs = rayJobs(ray)
    expect(await jobs.version()).toBe("2.60.0")
    expect(await jobs.find("a")).toBeUndefined()
    expect(await jobs.logs("a")).toBe("")
    expect(await jobs.stop("a")).toBe(false)
    await jobs.submit(submission("a"))
    expect(await jobs.find("a")).toMatchObject({ status: "RUNNING", submission_id: "a" })
    expect(await jobs.logs("a")).toBe("hello\n")
    expect((await jobs.list()).map(({ status }) => status)).toEqual(["RUNNING"])
    expect([await jobs.stop("a"), await jobs.stop("a")]).toEqual([true, false])
  })

  it("uploads bytes as they are, under a name that is asked for first", async () => {
    const ray = await started()
    const jobs = rayJobs(ray)
    const bytes = new Uint8Array([80, 75, 0, 255])
    expect(await jobs.hasPackage("_ray_pkg_0.zip")).toBe(false)
    await jobs.upload("_ray_pkg_0.zip", bytes)
    expect(await jobs.hasPackage("_ray_pkg_0.zip")).toBe(true)
    expect(ray.packages.get("_ray_pkg_0.zip")).toEqual(bytes)
  })

  it("is taken for no browser, as Node's own fetch is", async () => {
    const ray = await started()
    const byFetch = await fetch(`${ray.url}/api/jobs/`, { method: "POST", body: "{}" })
    expect([byFetch.status, await byFetch.text()]).toEqual([405, "'POST' method not allowed for browser traffic."])
    await rayJobs(ray).submit(submission("a"))
    expect(ray.jobs.size).toBe(1)
  })

  it("sends an upload again that was cut off", async () => {
    let cuts = 2
    const ray = await started({ cut: (request) => request.startsWith("PUT") && cuts-- > 0 })
    await rayJobs(ray).upload("_ray_pkg_0.zip", new Uint8Array(1000))
    expect(ray.packages.get("_ray_pkg_0.zip")).toHaveLength(1000)
    expect(ray.asked.filter((each) => each.startsWith("PUT"))).toHaveLength(3)
  })

  it("never sends a submission twice by itself", async () => {
    const ray = await started({ cut: (request) => (request === "POST /api/jobs/" ? "after" : false) })
    expect((await failure(rayJobs(ray).submit(submission("a")))).message).toMatch(/cannot be reached/)
    expect(ray.asked).toEqual(["POST /api/jobs/"])
    expect(ray.jobs.has("a")).toBe(true)
  })
})

describe("what Ray refuses", () => {
  it("is told by the last line of its traceback", async () => {
    const ray = await started()
    const jobs = rayJobs(ray)
    await jobs.submit(submission("a"))
    const twice = await failure(jobs.submit(submission("a")))
    expect(twice.message).toMatch(/did not take the job \(500\): ValueError: Job with submission_id a already exists/)
    const wrong = await failure(jobs.submit({ ...submission("b"), nope: 1 } as Submission))
    expect(wrong.message).toBe(
      `The Ray cluster at ${ray.url} did not take the job (400): TypeError: JobSubmitRequest.__init__() got an unexpected keyword argument 'nope'`,
    )
  })

  it("for want of a token, or for another one, is a usage error that says where it goes, and shows none", async () => {
    const ray = await started({ token: "right-token" })
    await rayJobs({ ...ray, token: "right-token" }).list()
    const without = await failure(rayJobs(ray).list())
    expect(without).toMatchObject({
      kind: "usage",
      message: expect.stringMatching(/wants a token: set SWIRL_ENGINE_KEY/),
    })
    const other = await failure(rayJobs({ ...ray, token: "wrong-token" }).list())
    expect(other.message).toMatch(/The token is another one/)
    expect(other.message).not.toContain("wrong-token")
  })

  it("because a disk is full says so", async () => {
    const full = { status: 500, body: "Traceback\nOSError: [Errno 28] No space left on device\n" }
    const ray = await started({ answer: (request) => (request.startsWith("PUT") ? full : undefined) })
    const error = await failure(rayJobs(ray).upload("_ray_pkg_0.zip", new Uint8Array(4)))
    expect(error.message).toMatch(/No space left on device. A disk of the cluster is full/)
  })

  it("is not a server that is no Ray, or none at all", async () => {
    const other = await serve((_request, response) => void response.end("<html>hello</html>"))
    running.push(other)
    expect((await failure(rayJobs(other).version())).message).toMatch(/does not tell its version as Ray does: <html>/)
    expect((await failure(rayJobs({ url: "http://127.0.0.1:9" }).version())).message).toMatch(
      /http:\/\/127.0.0.1:9 cannot be reached \(ECONNREFUSED\).*dashboard/,
    )
  }, 20_000)
})

const recorded = new URL("../../../../../shared/engines/ray_samples.json", import.meta.url)
describe.skipIf(!existsSync(recorded))("answers that were recorded of a real Ray", () => {
  const samples: { name: string; status: number; response: unknown }[] = existsSync(recorded)
    ? JSON.parse(readFileSync(recorded, "utf8"))
    : []
  const of = (name: string): string => {
    const { response } = samples.find((each) => each.name === name)!
    return typeof response === "string" ? response : JSON.stringify(response)
  }
  const answering = async (status: number, name: string) => {
    const server = await serve((_request, response) => void response.writeHead(status).end(of(name)))
    running.push(server)
    return rayJobs(server)
  }

  it.each(["job ok final", "bad entrypoint final", "exit 7 final", "missing pkg final", "stopped final", "hog status"])(
    "%s is read",
    async (name) => {
      const details = await (await answering(200, name)).find("x")
      expect(details!.status).toBe(JSON.parse(of(name)).status)
    },
  )

  it.each([
    ["bad metadata", 400, "TypeError: metadata values must be strings, got <class 'int'>"],
    ["submit dup", 500, /ValueError: Job with submission_id swirl-\d+ already exists/],
    ["bad json", 500, "Server got itself in trouble"],
  ])("%s gives its reason", async (name, status, reason) => {
    const error = await failure((await answering(status, name)).submit(submission("x")))
    expect(error.message).toMatch(reason)
  })
})
