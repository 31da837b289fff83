/**
 * What a config.json may say otherwise, twice or not at all, against what transformers computes then (scripts/make-config-fixtures.py):
 * the same logits, or a refusal that names the file. Never other logits.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, it } from "vitest"
import { readTensors, rowsOf } from "../test/expected-tensors.ts"
import { initTestBackend, relativeError } from "../test/small-model.ts"
import { forward } from "./forward.ts"
import { loadModel } from "./model-folder.ts"
import { disposeModel } from "./transformer-model.ts"

interface Variant {
  family: string
  change: Record<string, unknown>
  /** Of the last id; null where transformers refuses the folder. */
  logits: number[] | null
}

const fixtures = fileURLToPath(new URL("../../../fixtures/transformer", import.meta.url))
const read = (file: string) => JSON.parse(readFileSync(join(fixtures, file), "utf8"))
const variants: Variant[] = read("config-variants.json")
/** What is computed by transformers, and not here. */
const refused =
  /config\.json: (hidden_act\w* is|partial_rotary_factor|rope scaling|rope_scaling has a type|use_bidirectional|is_causal|attn_logit_softcapping is not|per_layer_config|layer_types has sliding_attention|quantization_config)/

beforeAll(async () => {
  await initTestBackend()
})

function logitsOf({ family, change }: Variant): number[] {
  const folder = join(fixtures, "families", family)
  const config = Object.entries({ ...read(`families/${family}/config.json`), ...change })
  const model = loadModel(
    temporaryFolder({
      "config.json": Object.fromEntries(config.filter(([, value]) => value !== "(left out)")),
      "model.safetensors": readFileSync(join(folder, "model.safetensors")),
    }),
  )
  const ids = rowsOf(readTensors(join(folder, "expected.safetensors")).get("ids")!)[0]!
  const logits = forward(model, ids)
  try {
    return [...logits.dataSync()].slice(-model.config.vocabularySize)
  } finally {
    logits.dispose()
    disposeModel(model)
  }
}

it.each(variants.map((variant) => [variant.family, JSON.stringify(variant.change), variant] as const))(
  "%s with %s",
  (_family, _change, variant) => {
    let logits: number[]
    try {
      logits = logitsOf(variant)
    } catch (error) {
      if (variant.logits !== null) expect(`${(error as Error).message}`).toMatch(refused)
      return
    }
    // A folder that transformers refuses has no logits to differ from.
    if (variant.logits !== null) expect(relativeError(logits, variant.logits)).toBeLessThan(1e-4)
  },
)

it("refuses few of what transformers computes", () => {
  const computed = variants.filter(({ logits }) => logits !== null)
  const count = computed.filter((variant) => {
    try {
      logitsOf(variant)
      return false
    } catch {
      return true
    }
  }).length
  expect(count / computed.length).toBeLessThan(0.25)
})
