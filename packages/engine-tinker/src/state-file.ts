/** `tinker.json` in a checkpoint: where on which server its weights and moments lie. The adapter beside it is for everybody else. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { errorMessage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { parseJson, writeFileAtomic } from "@swirl-ts/kit"
import { z } from "zod"

const StateSchema = z.object({
  schema: z.literal("swirl.tinker-state/1"),
  /** The server's address, for messages. */
  url: z.string(),
  /** `tinker://<model>/weights/<name>`. */
  path: z.string(),
  baseModel: z.string(),
  rank: z.int(),
})
export type TinkerState = z.infer<typeof StateSchema>

const fileOf = (directory: string): string => join(directory, "tinker.json")

export const writeState = (directory: string, state: Omit<TinkerState, "schema">): Promise<void> =>
  writeFileAtomic(fileOf(directory), `${JSON.stringify({ schema: "swirl.tinker-state/1", ...state }, null, 2)}\n`)

/** Throws where the checkpoint is of another engine, or of a training that this one cannot go on with. */
export async function readState(
  directory: string,
  { baseModel, rank }: Pick<TinkerState, "baseModel" | "rank">,
): Promise<TinkerState> {
  const file = fileOf(directory)
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new SwirlError(
      `The checkpoint ${directory} was not written by the engine tinker: ${errorMessage(cause)}. Go on with the engine that wrote it.`,
      { cause },
    )
  })
  const value = parseJson(text)
  const { data: state, error } = StateSchema.safeParse(value)
  if (!state) throw new SwirlError(`${file}: ${schemaProblem(error.issues[0]!, value)}.`)
  if (state.baseModel !== baseModel || state.rank !== rank)
    throw new SwirlError(
      `The checkpoint ${directory} is an adapter of rank ${state.rank} on ${state.baseModel}; this training has rank ${rank} on ${baseModel}.`,
      { kind: "usage" },
    )
  return state
}
