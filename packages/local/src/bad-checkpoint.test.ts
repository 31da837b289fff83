/** Folders that are no checkpoint: each is refused by a sentence that names the tensor or the file, and leaves nothing in memory. */
import { readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { initBackend, readSafetensors, writeSafetensors } from "@swirl-ts/transformer"
import { beforeAll, expect, it } from "vitest"
import { tensorCount, writeTinyPolicy } from "../test/tiny-policy.ts"
import { loadPolicy } from "./policy.ts"

beforeAll(() => initBackend("wasm"))

const name = "model.layers.0.mlp.up_proj.weight"
interface Tensor {
  name: string
  shape: readonly number[]
  data: () => Float32Array
}

/** A folder whose weights were changed. */
function folder(change: (tensor: Tensor) => Tensor[]): string {
  const directory = writeTinyPolicy()
  const file = join(directory, "model.safetensors")
  const tensors: Tensor[] = []
  readSafetensors(file, ({ name, shape }, data) => tensors.push({ name, shape, data: () => data }))
  writeSafetensors(file, tensors.flatMap(change))
  return directory
}

const only = (change: (tensor: Tensor) => Tensor[]) =>
  folder((tensor) => (tensor.name === name ? change(tensor) : [tensor]))

const broken: Record<string, [make: () => string, says: RegExp]> = {
  "a missing tensor": [() => only(() => []), /missing, the first is model\.layers\.0\.mlp\.up_proj\.weight/],
  "an extra tensor": [() => only((t) => [t, { ...t, name: "model.extra" }]), /model\.extra is no weight/],
  "a misshapen tensor": [
    () => only((t) => [{ ...t, shape: [32, 48] }]),
    /up_proj\.weight has shape \[32,48\], config\.json asks for \[48,32\]/,
  ],
  "a tensor that is no number": [
    () => only((t) => [{ ...t, data: () => t.data().map((value, at) => (at === 7 ? Number.NaN : value)) }]),
    /up_proj\.weight is NaN at place 7/,
  ],
  "a file that was cut off": [
    () => {
      const directory = writeTinyPolicy()
      truncateSync(join(directory, "model.safetensors"), 5000)
      return directory
    },
    /model\.safetensors: .*truncated/,
  ],
  "a shard that is not there": [
    () => {
      const directory = writeTinyPolicy()
      renameSync(join(directory, "model.safetensors"), join(directory, "model-1-of-2.safetensors"))
      const weight_map = { [name]: "model-1-of-2.safetensors", "model.norm.weight": "model-2-of-2.safetensors" }
      writeFileSync(join(directory, "model.safetensors.index.json"), JSON.stringify({ weight_map }))
      return directory
    },
    /model-2-of-2\.safetensors: cannot be opened/,
  ],
  "a tokenizer of another model": [
    () => {
      const directory = writeTinyPolicy()
      const file = join(directory, "tokenizer.json")
      const tokenizer = JSON.parse(readFileSync(file, "utf8"))
      for (let id = 0; id < 99; id++) tokenizer.model.vocab[`other${id}`] = 60 + id
      writeFileSync(file, JSON.stringify(tokenizer))
      return directory
    },
    /the tokenizer has \d+ tokens, the model only \d+\. They do not belong together/,
  ],
}

it.each(Object.entries(broken))("%s is told by name", (_what, [make, says]) => {
  const directory = make()
  const before = tensorCount()
  expect(() => loadPolicy(directory)).toThrow(says)
  expect(tensorCount()).toBe(before)
})
