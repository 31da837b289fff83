import type { Engine } from "@swirl-ts/core"
import { initBackend } from "@swirl-ts/transformer"
import { afterEach, beforeAll, expect, it } from "vitest"
import { endToken, tensorCount, tinyPolicy } from "../../test/tiny-policy.ts"
import { createBatchBudget } from "./batch-budget.ts"
import { createLocalEngine } from "./local-engine.ts"

beforeAll(() => initBackend("wasm"))
const engines: Engine[] = []
const lines: string[] = []
const make = (): Engine => {
  const engine = createLocalEngine(tinyPolicy(1), { tokenBudget: 4096, recompute: false }, (line) => lines.push(line))
  engines.push(engine)
  return engine
}
afterEach(async () => {
  lines.length = 0
  for (const engine of engines.splice(0)) await engine.dispose()
})

const rows = [5, 6, 7, 8].map((letter) => ({
  promptTokenIds: [2, letter, endToken, 3],
  tokenIds: [letter, 9, endToken],
  coefficients: [1, -1, 0.5],
}))
const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 }

/** The backend says that it has no memory at the `call`-th use of a kernel. */
async function withoutMemoryAt<T>([kernel, call]: [string, number], run: () => Promise<T>): Promise<T> {
  const { _tfengine: engine } = globalThis as unknown as { _tfengine: { runKernel(...asked: unknown[]): unknown } }
  const original = engine.runKernel
  let calls = 0
  engine.runKernel = function (this: typeof engine, ...asked: unknown[]) {
    if (asked[0] === kernel && ++calls === call) throw new Error("OOM when allocating tensor with shape[9]")
    return original.apply(this, asked)
  }
  try {
    return await run()
  } finally {
    engine.runKernel = original
  }
}

it("an update that runs out of memory is made in smaller micro-batches, with the same result and nothing left behind", async () => {
  const engine = make()
  const loss = { normaliser: 4, exactKl: { weight: 0.1 } }
  const expected = await engine.forwardBackward(rows, loss)
  await engine.clearGradients!()
  const before = tensorCount()
  const result = await withoutMemoryAt(["ScatterNd", 3], () => engine.forwardBackward(rows, loss))
  expect(lines).toEqual(["Memory ran out with micro-batches of 4096 tokens; going on with 2048."])
  expect(result).toEqual(expected)
  await engine.clearGradients!()
  expect(tensorCount()).toBe(before)
  await withoutMemoryAt(["ScatterNd", 3], () => engine.forwardBackward(rows, loss))
  const whole = make()
  await whole.forwardBackward(rows, loss)
  expect(await engine.optimStep(adam)).toEqual(await whole.optimStep(adam))
})

it("scoring that runs out of memory is made in smaller parts, too", async () => {
  const engine = make()
  const expected = await engine.logProbabilities(rows, "current")
  expect(await withoutMemoryAt(["Softmax", 1], () => engine.logProbabilities(rows, "current"))).toEqual(expected)
  expect(lines).toHaveLength(1)
})

it("keeps the smaller size, gives up with a sentence, and lets other errors through", () => {
  const budget = createBatchBudget(256, (line) => lines.push(line))
  const tried: number[] = []
  const attempt = (size: number): string => {
    tried.push(size)
    if (size > 128) throw new Error("memory access out of bounds")
    return "done"
  }
  expect([budget.run(attempt), budget.run(attempt)]).toEqual(["done", "done"])
  expect(tried).toEqual([256, 128, 128])
  const never = (): never => {
    throw new Error("OOM")
  }
  expect(() => budget.run(never)).toThrow("Memory ran out with micro-batches of 64 tokens, the smallest that are tried")
  let undone = 0
  expect(() =>
    budget.run(
      () => {
        throw new Error("other")
      },
      () => undone++,
    ),
  ).toThrow(/^other$/)
  expect(undone).toBe(1)
})
