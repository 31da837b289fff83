import { testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fakeRay } from "../test/fake-ray.ts"
import { ray as plugin } from "./plugin.ts"
import { rayJobs } from "./ray/jobs.ts"

test("the trainings of a cluster are told and stopped, and nobody else's jobs", async () => {
  const ray = await fakeRay({ token: "secret", stopsLater: true })
  const host = testHost({ environment: { SWIRL_ENGINE_KEY: "secret" } })
  const submit = (id: string, metadata: Record<string, string>): Promise<void> =>
    rayJobs({ url: ray.url, token: "secret" }).submit({
      entrypoint: "python job.py",
      submission_id: id,
      runtime_env: { working_dir: "gcs://_ray_pkg_2d544f92f7a80c8f.zip", env_vars: {} },
      metadata,
    })
  await submit("theirs", { owner: "somebody" })
  await submit("swirl-first-1", { swirl_training: "first", swirl_id: "first-0123" })
  const jobs = await plugin().jobEngines!.ray!.jobs!({ url: ray.url }, host)
  expect(await jobs.list()).toEqual([
    expect.objectContaining({
      id: "swirl-first-1",
      training: "first",
      status: "RUNNING",
      startedAt: expect.any(String),
    }),
  ])
  expect(await jobs.stop("theirs")).toBeUndefined()
  expect(ray.jobs.get("theirs")!.status).toBe("RUNNING")
  expect(await jobs.stop("swirl-first-1")).toBe(true)
  expect(await jobs.list()).toMatchObject([{ status: "STOPPED" }])
  expect(await jobs.stop("swirl-first-1")).toBe(false)
  const wrong = await plugin().jobEngines!.ray!.jobs!({ url: ray.url }, testHost())
  await expect(wrong.list()).rejects.toThrow("set SWIRL_ENGINE_KEY")
  await ray.close()
})
