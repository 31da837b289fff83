import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { afterEach, beforeAll, expect, it } from "vitest"
import { logitsOf, readTensors, rowsOf } from "../test/expected-tensors.ts"
import { initTestBackend, relativeError, smallConfig } from "../test/small-model.ts"

import { loadModel, saveModel } from "./model-folder.ts"
import { readSafetensors, writeSafetensors } from "./safetensors.ts"
import { disposeModel, initModel, type TransformerModel } from "./transformer-model.ts"

beforeAll(() => initTestBackend())
const open: TransformerModel[] = []
afterEach(() => open.splice(0).forEach(disposeModel))
const kept = (model: TransformerModel): TransformerModel => {
  open.push(model)
  return model
}

/** A saved model with tensors put in place, and fields of its config.json. */
function folderWith(
  config: Record<string, unknown>,
  tensors: Record<string, { shape: readonly number[]; values: Float32Array }>,
): string {
  const folder = temporaryFolder()
  saveModel(folder, kept(initModel(smallConfig(), 1)), { config })
  const file = join(folder, "model.safetensors")
  const all = new Map<string, { shape: readonly number[]; values: Float32Array }>()
  readSafetensors(file, ({ name, shape }, values) => void all.set(name, { shape, values }))
  for (const [name, tensor] of Object.entries(tensors)) all.set(name, tensor)
  writeSafetensors(
    file,
    [...all].map(([name, { shape, values }]) => ({ name, shape, data: () => values })),
  )
  return folder
}

const { vocabularySize: rows, hiddenSize: columns } = smallConfig()
const matrix = (values: (index: number) => number) => ({
  shape: [rows, columns],
  values: Float32Array.from({ length: rows * columns }, (_, index) => values(index)),
})

it("an output matrix of its own is used and saved, whatever the config says of tying; a copy of the embedding is tied", () => {
  const own = kept(loadModel(folderWith({ tie_word_embeddings: true }, { "lm_head.weight": matrix((i) => i / 100) })))
  expect(own.config.tiedEmbeddings).toBe(false)
  expect(own.weights["lm_head.weight"]!.dataSync()[5]).toBeCloseTo(0.05)
  const again = temporaryFolder()
  saveModel(again, own)
  expect(kept(loadModel(again)).weights["lm_head.weight"]!.dataSync()[5]).toBeCloseTo(0.05)

  const tied = folderWith({}, {})
  const embedding = kept(loadModel(tied)).weights["model.embed_tokens.weight"]!.dataSync() as Float32Array
  const copied = kept(loadModel(folderWith({}, { "lm_head.weight": { shape: [rows, columns], values: embedding } })))
  expect(copied.config.tiedEmbeddings).toBe(true)
  expect(Object.keys(copied.weights)).not.toContain("lm_head.weight")
})

it("a tied model that was saved by its output matrix alone has it as its embedding", () => {
  const folder = folderWith({}, {})
  const file = join(folder, "model.safetensors")
  const tensors: { name: string; shape: readonly number[]; data: () => Float32Array }[] = []
  readSafetensors(file, ({ name, shape }, values) => {
    tensors.push({ name: name.replace("model.embed_tokens", "lm_head"), shape, data: () => values })
  })
  const whole = kept(loadModel(folder))
  writeSafetensors(file, tensors)
  const alone = kept(loadModel(folder))
  expect(Object.keys(alone.weights).sort()).toEqual(Object.keys(whole.weights).sort())
  expect(alone.weights["model.embed_tokens.weight"]!.dataSync()).toEqual(
    whole.weights["model.embed_tokens.weight"]!.dataSync(),
  )
})

it("what a config says beyond the shape is saved with it, and the type of the weights is that of the file", () => {
  const fields = { pad_token_id: 2, attention_dropout: 0.1, use_cache: true, dtype: "bfloat16", someone: { else: [1] } }
  const again = temporaryFolder()
  saveModel(again, kept(loadModel(folderWith(fields, {}))))
  expect(JSON.parse(readFileSync(join(again, "config.json"), "utf8"))).toMatchObject({
    ...fields,
    dtype: "float32",
    torch_dtype: "float32",
  })
})

it("buffers of older versions are passed over", () => {
  const buffer = { shape: [2], values: new Float32Array([1, 2]) }
  const names = [
    ...["model.layers.0.self_attn.rotary_emb.inv_freq", "model.rotary_emb.original_inv_freq", "rotary_emb.inv_freq"],
    ...["model.layers.0.self_attn.rotary_emb.cos_cached", "model.layers.0.self_attn.bias"],
    ...["model.layers.0.self_attn.masked_bias", "model.position_ids"],
  ]
  const folder = folderWith({}, Object.fromEntries(names.map((name) => [name, buffer])))
  const { weights } = kept(loadModel(folder))
  expect(names.filter((name) => name in weights)).toEqual([])
})

it.each([
  [
    "a weight that no such model has",
    { "model.layers.0.self_attn.q_proj.bias": { shape: [2], values: new Float32Array(2) } },
    "model.layers.0.self_attn.q_proj.bias is no weight of the model that config.json says",
  ],
  [
    "a weight that is no number",
    { "model.embed_tokens.weight": matrix((i) => (i === 3 ? Number.NaN : 1)) },
    "model.embed_tokens.weight is NaN at place 3",
  ],
  [
    "a weight of another shape",
    { "model.norm.weight": { shape: [3], values: new Float32Array(3) } },
    "model.norm.weight has shape [3]",
  ],
])("%s is named, with its file", (_, tensors, sentence) => {
  const folder = folderWith({}, tensors)
  expect(() => loadModel(folder)).toThrow(`${join(folder, "model.safetensors")}: ${sentence}`)
})

it("a config that is no JSON is told by its file", () => {
  const folder = folderWith({}, {})
  writeFileSync(join(folder, "config.json"), "{")
  expect(() => loadModel(folder)).toThrow(`${join(folder, "config.json")}: not JSON`)
})

it("a folder is saved with what it has beside its weights: every id, and every file of its tokenizer", () => {
  const tokenizer = { model: { type: "WordLevel", vocab: { a: 0, b: 1 }, unk_token: "a" }, added_tokens: [] }
  const files = {
    "tokenizer.json": tokenizer,
    "tokenizer_config.json": { model_max_length: 7, eos_token: "b", unheard: { of: [1] } },
    "special_tokens_map.json": { eos_token: "b" },
    "added_tokens.json": { b: 1 },
    "chat_template.jinja": "{{ messages }}",
    "generation_config.json": { eos_token_id: [1, 0], temperature: 0.5, unheard: null },
  }
  const from = temporaryFolder(files as Record<string, object | string>)
  const fields = { pad_token_id: 2, eos_token_id: [3, 4], bos_token_id: 1, task_specific_params: { x: { y: 1 } } }
  saveModel(from, kept(initModel(smallConfig(), 1)), { config: fields })
  const [once, twice] = [temporaryFolder(), temporaryFolder()]
  saveModel(once, kept(loadModel(from)), { tokenizerFrom: from })
  saveModel(twice, kept(loadModel(once)), { tokenizerFrom: once })
  for (const folder of [once, twice]) {
    for (const [name, content] of Object.entries(files)) {
      const text = readFileSync(join(folder, name), "utf8")
      expect(name.endsWith("json") ? JSON.parse(text) : text, name).toEqual(content)
    }
    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toMatchObject(fields)
  }
})

const families = fileURLToPath(new URL("../../../fixtures/transformer/families", import.meta.url))

it.each([
  [
    "model.embed_tokens.weight first",
    (name: string) => (/embed|layers\.0/.test(name) ? 1 : /lm_head/.test(name) ? 3 : 2),
  ],
  ["lm_head.weight first", (name: string) => (/lm_head/.test(name) ? 1 : /embed/.test(name) ? 3 : 2)],
])(
  "shards with an output matrix of its own beside tie_word_embeddings are transformers' untied model: %s",
  (_, shardOf) => {
    const from = join(families, "llama-linear")
    const config = JSON.parse(readFileSync(join(from, "config.json"), "utf8"))
    expect(config.tie_word_embeddings).toBe(false)
    const folder = temporaryFolder({ "config.json": { ...config, tie_word_embeddings: true } })
    const shards = new Map<string, { name: string; shape: readonly number[]; data: () => Float32Array }[]>()
    const weight_map: Record<string, string> = {}
    readSafetensors(join(from, "model.safetensors"), ({ name, shape }, values) => {
      const shard = `model-0000${shardOf(name)}-of-00003.safetensors`
      shards.set(shard, [...(shards.get(shard) ?? []), { name, shape, data: () => values }])
      weight_map[name] = shard
    })
    expect(shards.size).toBe(3)
    for (const [file, tensors] of shards) writeSafetensors(join(folder, file), tensors)
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map }))
    const model = kept(loadModel(folder))
    expect(model.config.tiedEmbeddings).toBe(false)
    const expected = readTensors(join(from, "expected.safetensors"))
    expect(relativeError(logitsOf(model, rowsOf(expected.get("ids")!)), expected.get("logits")!)).toBeLessThan(1e-4)
    const again = temporaryFolder()
    saveModel(again, model)
    expect(JSON.parse(readFileSync(join(again, "config.json"), "utf8")).tie_word_embeddings).toBe(false)
  },
)
