/**
 * Which precision a base is held in: the one that is asked for, or the faster one here, which is then said. Invariant: a
 * machine that has chosen once for a shape chooses the same again, so a training that goes on computes as it began.
 */
import { contentHash, type Host, SwirlError } from "@swirl-ts/core"
import { parseJson, readTextIfThere, writeFileAtomic } from "@swirl-ts/kit"
import { availableParallelism, cpus, join } from "@swirl-ts/platform"
import {
  type BackendName,
  choosePrecision,
  type Precision,
  type PrecisionChoice,
  type TransformerConfig,
} from "@swirl-ts/transformer"
import { z } from "zod"
import type { LocalOptions } from "./model-options.ts"

const ChoiceSchema = z.object({ precision: z.enum(["f32", "bf16"]), reason: z.string() })

/** f32 where nothing is asked for. Needs a started backend. */
export async function precisionOf(
  asked: LocalOptions["precision"],
  { config, backend }: { config: TransformerConfig; backend: BackendName },
  host: Host,
): Promise<Precision> {
  if (asked === "bf16" && backend !== "native")
    throw new SwirlError(
      `bf16 is computed by the native backend alone, and this is ${backend}: install it (swirl backend install), or leave --precision.`,
      { kind: "usage" },
    )
  if (asked !== "auto") return asked ?? "f32"
  const choose = backend === "native" ? rememberedChoice : choosePrecision
  const { precision, reason } = await choose(config, host)
  host.log(reason)
  return precision
}

async function rememberedChoice(config: TransformerConfig, host: Host): Promise<PrecisionChoice> {
  const machine = [cpus()[0]?.model, availableParallelism(), config.hiddenSize, config.innerSize]
  const file = join(host.cacheDirectory, "precision", `${contentHash(machine)}.json`)
  const known = ChoiceSchema.safeParse(parseJson((await readTextIfThere(file)) ?? ""))
  if (known.success) return { ...known.data, reason: `${known.data.reason} (measured before: ${file})` }
  const choice = choosePrecision(config)
  await writeFileAtomic(file, `${JSON.stringify(choice)}\n`)
  return choice
}
