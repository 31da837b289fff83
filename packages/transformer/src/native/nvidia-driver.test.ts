import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { withoutGpu } from "./nvidia-driver.ts"

const folder = temporaryFolder({ version: "NVRM version" })
const [there, nowhere] = [join(folder, "version"), join(folder, "absent")]

it("takes any mark of a driver for one, and says what to do where there is none", () => {
  expect(withoutGpu({}, [nowhere, there])).toBeUndefined()
  expect(withoutGpu({}, [nowhere])).toMatch(/no NVIDIA driver was found; install/)
})

it("believes CUDA_VISIBLE_DEVICES where it hides every GPU", () => {
  for (const hidden of ["", "-1", " -1 "])
    expect(withoutGpu({ CUDA_VISIBLE_DEVICES: hidden }, [there])).toMatch(/CUDA_VISIBLE_DEVICES hides/)
  for (const shown of ["0", "1,0", "GPU-3f"])
    expect(withoutGpu({ CUDA_VISIBLE_DEVICES: shown }, [there])).toBeUndefined()
})
