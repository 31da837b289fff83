/** Fake Ray heads of one test file, each closed when its test has ended. */
import { afterEach } from "vitest"
import { type FakeOptions, type FakeRay, fakeRay } from "./fake-ray.ts"

const running: FakeRay[] = []
afterEach(() => Promise.all(running.splice(0).map((each) => each.close())))

export async function startedRay(options?: FakeOptions): Promise<FakeRay> {
  const ray = await fakeRay(options)
  running.push(ray)
  return ray
}

/** How many jobs it was sent. */
export const posts = ({ asked }: FakeRay): number => asked.filter((each) => each === "POST /api/jobs/").length
