/** What `swirl backend` and `swirl doctor` say of a native backend that cannot be built, or that finds no GPU: real processes. */
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test("an installation names every tool that is missing, at once, and writes nothing", async () => {
  const folder = temporaryFolder({ "bin/none": "" })
  const { code, stdout, stderr } = await swirlIn(folder, { PATH: `${folder}/bin` })("backend", "install")
  expect(stderr).toMatch(/^The native backend cannot be built here: .*python3 \(.*pip \(.*make \(.*g\+\+ \(/)
  expect([code, stdout]).toEqual([2, ""])
  expect((await swirlIn(folder)("doctor", "--json")).json.backend.native).toEqual({ installed: false })
})

test("another action is a usage error", async () => {
  const { code, stderr } = await swirlIn(temporaryFolder())("backend", "remove")
  expect([code, stderr]).toEqual([2, 'There is no action "remove". Use: swirl backend install\n'])
})

test("the doctor says that CUDA is installed and why it does not compute on a GPU", async () => {
  const binding = "peers/node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node"
  const folder = temporaryFolder({ [binding]: "built" })
  const doctor = swirlIn(folder, { SWIRL_PEERS: `${folder}/peers`, CUDA_VISIBLE_DEVICES: "-1" })
  const sentence =
    "CUDA is installed, but models compute on the CPU: CUDA_VISIBLE_DEVICES hides every GPU; unset it to use one."
  const { native } = (await doctor("doctor", "--json")).json.backend
  expect(native).toMatchObject({ installed: true, package: "@tensorflow/tfjs-node-gpu", problem: sentence })
  expect((await doctor("doctor")).stdout).toContain(`local models and training: native\n${sentence}\n`)
})
