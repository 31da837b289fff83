/** Every export format, by its name. */
import { SwirlError, suggestion } from "@swirl-ts/core"
import { atif } from "./atif.ts"
import type { ExportFormat } from "./export-format.ts"
import { hf } from "./hf.ts"
import { inspect } from "./inspect.ts"
import { lmEval } from "./lm-eval.ts"
import { openaiChat } from "./openai-chat.ts"
import { openrlhf } from "./openrlhf.ts"
import { skyrl } from "./skyrl.ts"
import { trlDpo } from "./trl-dpo.ts"
import { trlGrpo } from "./trl-grpo.ts"
import { trlPrm } from "./trl-prm.ts"
import { trlSft } from "./trl-sft.ts"
import { verl } from "./verl.ts"

export const exportFormats: readonly ExportFormat[] = [
  trlGrpo,
  trlSft,
  trlDpo,
  trlPrm,
  verl,
  openrlhf,
  skyrl,
  openaiChat,
  inspect,
  lmEval,
  atif,
  hf,
]

export function exportFormat(name: string): ExportFormat {
  const names = exportFormats.map((format) => format.name)
  const found = exportFormats.find((format) => format.name === name)
  if (found) return found
  throw new SwirlError(`There is no export format "${name}".${suggestion(name, names)} Formats: ${names.join(", ")}.`, {
    kind: "usage",
  })
}
