import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { bindingFile, cpuPackage, findNative, gpuPackage, gpuProblem } from "./package.ts"

const peersWith = (...names: string[]): string =>
  temporaryFolder(Object.fromEntries(names.map((name) => [`node_modules/${name}/${bindingFile}`, "built"])))
const peers = [peersWith(gpuPackage, cpuPackage), peersWith(gpuPackage), peersWith(cpuPackage), peersWith()]
const [both = "", , cpuAlone = ""] = peers
const noDriver = () => "no NVIDIA driver was found; install one"
const driver = () => undefined

it("prefers the GPU build where a GPU may compute, the CPU build elsewhere, and takes the only one there is", () => {
  const chosen = (missing: typeof driver | typeof noDriver) => peers.map((each) => findNative(each, missing)?.package)
  expect(chosen(driver)).toEqual([gpuPackage, gpuPackage, cpuPackage, undefined])
  expect(chosen(noDriver)).toEqual([cpuPackage, gpuPackage, cpuPackage, undefined])
})

it("says why an installed GPU build computes on the CPU, and nothing where it need not", () => {
  expect(gpuProblem(both, undefined, noDriver)).toBe(
    "CUDA is installed, but models compute on the CPU: no NVIDIA driver was found; install one.",
  )
  expect(gpuProblem(both, "cpu", driver)).toMatch(/driver is there, but TensorFlow started no GPU/)
  // Not loaded yet, so nobody knows.
  expect(gpuProblem(both, undefined, driver)).toBeUndefined()
  expect(gpuProblem(both, "gpu", driver)).toBeUndefined()
  expect(gpuProblem(cpuAlone, "cpu", noDriver)).toBeUndefined()
})
