import { existsSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readEmbeddersOptions } from "./options.ts"
import { meanPooling, modelHash, transformersProvider } from "./transformers.ts"

test("pooling is the direction of the mean over tokens that are no padding", () => {
  const states = { dims: [2, 2, 2], data: new Float32Array([3, 0, 3, 8, 5, 12, 99, 99]) }
  const mask = { dims: [2, 2], data: new BigInt64Array([1n, 1n, 1n, 0n]) }
  const [both, one] = meanPooling(states, mask)
  expect([...both!]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)])
  expect([...one!]).toEqual([expect.closeTo(5 / 13), expect.closeTo(12 / 13)])
})

test("a model is another one when its weights, their outer data, its tokenizer or its configuration change", async () => {
  const folder = temporaryFolder()
  await mkdir(join(folder, "onnx"))
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return modelHash(folder)
  }
  let hash = await write("onnx/model.onnx", "weights")
  const deciding = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"]
  for (const name of [...deciding, "onnx/model.onnx_data", "onnx/model.onnx_data_1", "onnx/outer.bin"]) {
    for (const text of ["first", "second"]) {
      const before = hash
      hash = await write(name, text)
      expect(hash, `${text} ${name}`).not.toBe(before)
      expect(await write(name, text)).toBe(hash)
    }
  }
  for (const name of ["README.md", "onnx/model_q4.onnx", "onnx/model_q4.onnx_data"]) {
    expect(await write(name, "of no weight here")).toBe(hash)
  }
})

const root = fileURLToPath(new URL("../../../", import.meta.url))
const model = join(root, ".swirl", "models", "all-minilm-l6-v2")
const there = existsSync(join(root, ".swirl", "peers", "transformers", "node_modules")) && existsSync(model)

test.skipIf(!there)(
  "MiniLM gives the vectors of its reference, alone or beside longer texts (skipped where peer or weights are absent)",
  async () => {
    const host = testHost({ workingDirectory: root })
    const embedder = await transformersProvider(readEmbeddersOptions({})).open(model, {}, host)
    const texts = ["This is an example sentence", `a longer text ${"about towns and mayors ".repeat(9)}`]
    const together = await embedder.embed(texts, { kind: "passage" })
    const [alone] = await embedder.embed(texts.slice(0, 1), { kind: "query" })
    expect(embedder.dimensions).toBe(384)
    // As sentence-transformers computes them for this sentence.
    expect([...alone!.slice(0, 4)]).toEqual([0.0677, 0.0635, 0.0487, 0.0793].map((value) => expect.closeTo(value, 4)))
    let product = 0
    together[0]!.forEach((value, i) => {
      product += value * alone![i]!
    })
    expect(product).toBeCloseTo(1, 4)
    await embedder.close?.()
  },
  30_000,
)
