/** Preloaded (`--import`): what the process has taken, as JSON, into the file that SWIRL_BENCH_USAGE names, when it ends. */
import { writeFileSync } from "node:fs"

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage = { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: (maxRSS * 1024) / 1e6 }
  writeFileSync(process.env.SWIRL_BENCH_USAGE, JSON.stringify(usage))
})
