import { sandboxTask } from "@swirl-ts/bench-sandbox"
import { demonstrate, persona } from "@swirl-ts/bench-sandbox/demonstration"
import { random } from "@swirl-ts/core"
import {
  adamStep,
  clearGradients,
  forwardBackwardRows,
  initBackend,
  initModel,
  makeGradients,
  makeOptimizer,
} from "@swirl-ts/transformer"
import { makeEnvironment } from "./environment.ts"
import { makeEpisode } from "./episode.ts"
import { nanoConfig } from "./shape.ts"

await initBackend(process.argv[2] as "native", { peersDirectory: "/work/main/.swirl/peers" })
const respond = await makeEnvironment()
const rows = []
for (let i = 0; i < 384; i++) {
  const e = makeEpisode(
    await demonstrate(sandboxTask(i % 2 ? "calc" : "lookup", "demonstration", i), random(i), persona, respond),
    320,
  )
  rows.push({ tokenIds: e.tokenIds, coefficients: e.weights })
}
rows.sort((a, b) => a.tokenIds.length - b.tokenIds.length)
const model = initModel(nanoConfig, "x", 0.1),
  g = makeGradients(),
  o = makeOptimizer()
for (const budget of [1024, 2048, 4096])
  for (let r = 0; r < 2; r++) {
    const t0 = performance.now(),
      c0 = process.cpuUsage()
    let n = 0,
      at = 0
    for (let b = 0; b < 4; b++) {
      const x = forwardBackwardRows(model, rows.slice(b * 2 * 48, (b * 2 + 1) * 48), g, {
        normalizer: 1000,
        tokenBudget: budget,
      })
      n += x.processedTokens
      const t = performance.now()
      adamStep(model, g, o, { learningRate: 1e-3, clipNorm: 1, weightDecay: 0.05 })
      clearGradients(g)
      at += performance.now() - t
    }
    const c = process.cpuUsage(c0)
    const s = (performance.now() - t0) / 1000
    console.log(
      process.argv[2],
      "budget",
      budget,
      "tokens",
      n,
      "wall",
      s.toFixed(2),
      "cpu",
      ((c.user + c.system) / 1e6).toFixed(2),
      "tok/s",
      (n / s).toFixed(0),
      "tok/cpu-s",
      (n / ((c.user + c.system) / 1e6)).toFixed(0),
      "adam",
      at.toFixed(0),
    )
  }
