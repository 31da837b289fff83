import { expect, it } from "vitest"
import { openCheckpoints } from "./checkpoints.ts"

it.runIf(process.platform === "linux")("ends in a sentence where no folder can be made", async () => {
  await expect(openCheckpoints("/proc/training", 1)).rejects.toThrow(
    "Could not create /proc/training: the folder above takes none",
  )
})
