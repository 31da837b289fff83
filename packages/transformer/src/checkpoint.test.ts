/** A GGUF file against the folder that it was made of, and what transformers and the Rust library say of its parts. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, describe, expect, it } from "vitest"
import { logitsOf as allLogits, readTensors, rowsOf } from "../test/expected-tensors.ts"
import { initTestBackend, relativeError } from "../test/small-model.ts"
import { writeGguf } from "../test/write-gguf.ts"
import { openCheckpoint } from "./checkpoint.ts"
import { forward } from "./forward.ts"
import { loadModel, readConfig, saveModel } from "./model-folder.ts"
import { safetensorsWeights } from "./safetensors.ts"
import { loadTokenizer } from "./tokenizer.ts"
import { disposeModel, type TransformerModel } from "./transformer-model.ts"

const fixtures = fileURLToPath(new URL("../../../fixtures/transformer/", import.meta.url))
const gguf = (name: string) => join(fixtures, "gguf", `${name}.gguf`)

const logitsOf = (model: TransformerModel): number[] => {
  const logits = forward(model, [3, 1, 4, 1, 5, 9, 2, 6])
  try {
    return [...logits.dataSync()]
  } finally {
    logits.dispose()
  }
}
const valuesOf = (weights: Iterable<{ name: string; shape: readonly number[]; data: Float32Array }>) =>
  Object.fromEntries([...weights].map(({ name, shape, data }) => [name, { shape: [...shape], data: [...data] }]))

beforeAll(async () => {
  await initTestBackend()
})

describe("a GGUF file", () => {
  it.each(["tied-grouped", "untied-full", "sharded-odd"])("%s is the same model as the folder", (name) => {
    const [file, folder] = [loadModel(gguf(name)), loadModel(join(fixtures, name))]
    expect(logitsOf(file)).toEqual(logitsOf(folder))
    expect(readConfig(gguf(name))).toMatchObject({ ...folder.config, otherFields: undefined })
    disposeModel(file)
    disposeModel(folder)
  })

  it.each(["qwen2", "qwen3", "gemma2", "gemma3", "llama-biases", "llama-linear"])(
    "%s is the same model as the folder",
    (name) => {
      const folder = join(fixtures, "families", name)
      const { otherFields: _, ...config } = readConfig(gguf(name))
      const { otherFields: __, ...expected } = readConfig(folder)
      // No GGUF file says what Gemma scales its queries by: it is known of the models that there are.
      expect(config).toEqual(name === "gemma2" ? { ...expected, queryScalar: config.headSize } : expected)
      const [read, written] = [gguf(name), folder].map((path) => valuesOf(openCheckpoint(path).weights()))
      expect(Object.keys(read!).sort()).toEqual(Object.keys(written!).sort())
      for (const [weight, { shape, data }] of Object.entries(written!)) {
        expect(read![weight]!.shape).toEqual(shape)
        // Norms of Gemma were rounded when 1 was added to them.
        expect(relativeError(read![weight]!.data, data)).toBeLessThan(1e-6)
      }
      const model = loadModel(gguf(name))
      expect(logitsOf(model).every(Number.isFinite)).toBe(true)
      disposeModel(model)
    },
  )

  it("quantised has the values that gguf dequantises, under Hugging Face names", () => {
    const read = valuesOf(openCheckpoint(gguf("tied-grouped.Q8_0")).weights())
    expect(read).toEqual(
      valuesOf(safetensorsWeights(gguf("tied-grouped.Q8_0").replace(/gguf$/, "safetensors"), () => true)),
    )
  })

  it("is saved as a folder that holds the same", () => {
    const directory = temporaryFolder()
    const model = loadModel(gguf("tied-grouped"))
    const extras = { generationConfig: openCheckpoint(gguf("tied-grouped")).generationConfig() }
    saveModel(directory, model, { ...extras, tokenizerFrom: gguf("tokenizer-smollm") })
    const saved = loadModel(directory)
    expect(logitsOf(saved)).toEqual(logitsOf(model))
    const [before, after] = [loadTokenizer(gguf("tokenizer-smollm")), loadTokenizer(directory)]
    for (const { text } of casesOf("smollm")) expect(after.encode(text)).toEqual(before.encode(text))
    const turns = [{ role: "user", content: "Hi" }]
    expect(after.applyChatTemplate?.(turns)).toBe("<|im_start|>user\nHi<|im_end|>\n")
    expect(JSON.parse(readFileSync(join(directory, "generation_config.json"), "utf8"))).toEqual({
      bos_token_id: 0,
      eos_token_id: 1,
    })
    disposeModel(model)
    disposeModel(saved)
  })

  it.runIf(process.platform === "linux")("is closed when somebody stops reading in between", () => {
    const openFiles = () => readdirSync("/proc/self/fd").length
    const before = openFiles()
    for (const { name } of openCheckpoint(gguf("tied-grouped")).weights()) {
      expect(name).toMatch(/weight$/)
      expect(openFiles()).toBe(before + 1)
      break
    }
    expect(openFiles()).toBe(before)
  })

  it("says what is missing or unknown", () => {
    const file = join(temporaryFolder(), "broken.gguf")
    writeGguf(file, { metadata: { "general.architecture": "mamba" } })
    expect(() => loadModel(file)).toThrow(
      'broken.gguf: its architecture is "mamba"; llama, qwen2, qwen3, gemma2, gemma3 are supported.',
    )
    writeGguf(file, { metadata: { "general.architecture": "llama" } })
    expect(() => loadModel(file)).toThrow("broken.gguf: the tensor token_embd.weight is missing.")
    expect(() => loadTokenizer(file)).toThrow("broken.gguf: it has no tokenizer (tokenizer.ggml.tokens).")
    const shape = {
      "general.architecture": "llama",
      "llama.embedding_length": 8,
      "llama.block_count": 1,
      "llama.attention.head_count": 2,
      "llama.context_length": 16,
      "llama.feed_forward_length": 8,
      "llama.attention.layer_norm_rms_epsilon": 1e-5,
    }
    const embedding = { shape: [4, 8], values: Array.from({ length: 32 }, () => 1) }
    writeGguf(file, { metadata: shape, tensors: { "token_embd.weight": embedding } })
    expect(() => loadModel(file)).toThrow(/broken\.gguf: \d+ weights are missing, the first is model\.layers\.0\./)
    expect(readConfig(file).normEpsilon).toBe(1e-5)
    writeGguf(file, {
      metadata: shape,
      tensors: { "token_embd.weight": embedding, "blk.0.ffn_gate_exps.weight": embedding },
    })
    expect(() => loadModel(file)).toThrow("broken.gguf: blk.0.ffn_gate_exps.weight is no weight of")
  })
})

const casesOf = (kind: string): { text: string; ids: number[]; decoded: string }[] =>
  JSON.parse(readFileSync(join(fixtures, "gguf", `tokenizer-${kind}.cases.json`), "utf8"))

describe("the tokenizer of a GGUF file", () => {
  it.each(["gpt-2", "smollm", "qwen2", "llama-bpe", "gemma", "llama"])(
    "%s encodes and decodes as the one it was made of",
    (kind) => {
      const tokenizer = loadTokenizer(gguf(`tokenizer-${kind}`))
      for (const { text, ids, decoded } of casesOf(kind)) {
        expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids)
        expect(tokenizer.decode(ids)).toBe(decoded)
      }
      expect(tokenizer.specialTokens.has("<|im_end|>")).toBe(true)
      expect(tokenizer.endOfTurnTokenIds).toEqual([tokenizer.tokenToId("<|im_end|>")])
      expect([...tokenizer.specialTokens.keys()].filter((name) => /PAD|tool/.test(name))).toEqual([])
    },
  )

  it.each([
    ["llama-bpe", true],
    ["gemma", true],
    ["llama", true],
    ["smollm", false],
  ])("%s begins a text with the begin-of-text token where its family does: %s", (kind, begins) => {
    const tokenizer = loadTokenizer(gguf(`tokenizer-${kind}`))
    const [plain, begun] = [tokenizer.encode("the"), tokenizer.encode("the", { addSpecialTokens: true })]
    expect(begun.length - plain.length).toBe(begins ? 1 : 0)
  })

  it.each([
    ["gpt-2", ["12", "34", "a", "b", "c", "e", "\u0301"]],
    ["smollm", ["1", "2", "3", "4", "a", "b", "c", "e", "\u0301"]],
    ["qwen2", ["1", "2", "3", "4", "a", "b", "c", "é"]],
    ["llama-bpe", ["12", "3", "4", "abc", "e", "\u0301"]],
  ])("%s: digits, a word that no merges lead to, and an accent of its own", (pre, expected) => {
    const file = join(temporaryFolder(), "split.gguf")
    const accent = ["Ì", "ģ"] // The bytes of U+0301.
    const tokens = [..."1234abce", ...accent, "Ìģ", "Ã", "©", "Ã©", "12", "34", "abc"]
    const merges = ["1 2", "3 4", "Ì ģ", "Ã ©"]
    const metadata = { "general.architecture": "llama", "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": pre }
    writeGguf(file, { metadata: { ...metadata, "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.merges": merges } })
    const tokenizer = loadTokenizer(file)
    const ids = ["1234", "abc", "e\u0301"].flatMap((text) => tokenizer.encode(text))
    expect(ids.map((id) => tokenizer.decode([id]))).toEqual(expected)
  })

  it("is refused where it does not say how it splits text, or says a name that is not known", () => {
    const file = join(temporaryFolder(), "old.gguf")
    const metadata = {
      "general.architecture": "llama",
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.tokens": ["a", "b"],
      "tokenizer.ggml.merges": ["a b"],
    }
    writeGguf(file, { metadata })
    expect(() => loadTokenizer(file)).toThrow(
      /old\.gguf: it does not say how its tokenizer splits text \(tokenizer\.ggml\.pre\).* Known are gpt-2, /,
    )
    writeGguf(file, { metadata: { ...metadata, "tokenizer.ggml.pre": "viking" } })
    expect(() => loadTokenizer(file)).toThrow('its tokenizer splits text as "viking" (tokenizer.ggml.pre); known are')
    writeGguf(file, { metadata: { ...metadata, "tokenizer.ggml.model": "rwkv" } })
    expect(() => loadTokenizer(file)).toThrow('its tokenizer is of the kind "rwkv"; gpt2 and llama are supported.')
  })
})

it("opens the text part of a model that sees images, too, and saves it as a text model", () => {
  const folder = join(fixtures, "gemma3-with-images")
  const expected = readTensors(join(folder, "expected.safetensors"))
  const ids = rowsOf(expected.get("ids")!)
  const model = loadModel(folder)
  expect(relativeError(allLogits(model, ids), expected.get("logits")!)).toBeLessThan(1e-4)
  expect(model.config.endTokenIds).toEqual([1, 5])
  const saved = temporaryFolder()
  saveModel(saved, model)
  expect(JSON.parse(readFileSync(join(saved, "config.json"), "utf8"))).toMatchObject({ model_type: "gemma3_text" })
  expect(allLogits(loadModel(saved), ids)).toEqual(allLogits(model, ids))
})
