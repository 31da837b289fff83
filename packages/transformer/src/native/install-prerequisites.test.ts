import { expect, it } from "vitest"
import { checkDisk, checkPlatform, MissingPrerequisite } from "./install-prerequisites.ts"

const refusal = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(MissingPrerequisite)
    return (error as Error).message
  }
  return "nothing was refused"
}

it("refuses what no wheel is made for", () => {
  expect(refusal(() => checkPlatform(false, { platform: "darwin", arch: "arm64" }))).toMatch(/this is darwin.*wasm/)
  expect(refusal(() => checkPlatform(true, { platform: "linux", arch: "arm64" }))).toMatch(/x64 alone; this is arm64/)
  checkPlatform(false, { platform: "linux", arch: "arm64" })
  checkPlatform(true, { platform: "linux", arch: "x64" })
})

it("says what the disk needs before anything is downloaded, less what is there already", () => {
  expect(refusal(() => checkDisk("/far/peers", true, 3.04, 0))).toBe(
    "The CUDA build needs 7.5 GB of free disk in /far/peers (6.5 GB stay); 3.0 GB are free. Free some, or name another folder: SWIRL_PEERS=<folder>.",
  )
  expect(checkDisk("/far/peers", true, 3.04, 6)).toMatch(/6\.0 GB of them are there already/)
  expect(checkDisk("/far/peers", false, 30, 0)).toBe(
    "disk: about 1.2 GB in /far/peers, 1.5 GB on the way; 30 GB are free",
  )
})
