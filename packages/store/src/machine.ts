/** The machine that records are made on: what a reader of numbers and times asks for. */
import type { Maker } from "@swirl-ts/core"
import { arch, availableParallelism, hostname, platform, totalmem } from "@swirl-ts/platform"

export const machine = (): Maker["machine"] => ({
  host: hostname(),
  platform: platform(),
  architecture: arch(),
  node: process.version,
  processors: availableParallelism(),
  memoryBytes: totalmem(),
})
