/** What the viewer shows that stands in no record: how steps were put to the model, what counts as right, what token ids say. */
import type { ViewerOptions } from "@swirl-ts/report"
import { recordedReferences, recordedTokens, recordedTurns } from "@swirl-ts/stages"
import type { CommandContext } from "./context.ts"
import { recordFacts } from "./record-facts.ts"

/** `use` gets them; what was opened for them is closed when it has ended. */
export async function withViewerFacts<T>(
  context: CommandContext,
  use: (facts: ViewerOptions) => Promise<T>,
): Promise<T> {
  const references = recordedReferences(context)
  try {
    return await use({
      ...recordFacts(context.registry),
      turnsOf: recordedTurns(context.registry),
      referenceOf: references.of,
      tokenTextsOf: (directory, model) => recordedTokens(context, directory, model),
      abortSignal: context.abortSignal,
    })
  } finally {
    await references.close()
  }
}
