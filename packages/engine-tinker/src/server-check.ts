/** What is asked of a server before anything is trained on it: that it is one, which model it has, and what its loss and gradient are. */
import { SwirlError, suggestion } from "@swirl-ts/core"
import { type Loss, lossRequest, scoring } from "./loss.ts"
import { checkNormalisation, knownRows, type Normalisation } from "./normalisation.ts"
import type { RemoteModel } from "./remote-model.ts"
import { nothing } from "./remote-training.ts"
import type { TinkerClient } from "./tinker-client.ts"
import { CapabilitiesSchema, type Datum } from "./wire.ts"

/** The server's name of the policy: as it is said, or the one whose folder or hub id it is. */
export async function serverModel(client: TinkerClient, policy: string, baseModel?: string): Promise<string> {
  const { supported_models } = await client.get("/get_server_capabilities", CapabilitiesSchema, { attempts: 3 })
  const known = supported_models.flatMap(({ model_name }) => model_name ?? [])
  const [, reference = policy] = /^local:(.*)$/.exec(policy) ?? []
  const names = baseModel !== undefined ? [baseModel] : [reference, reference.replace(/@[^@/]*$/, "")]
  const found = known.find((name) => names.some((own) => withoutSlash(own) === withoutSlash(name)))
  if (found !== undefined) return found
  const say = known.length === 1 ? known[0] : "<name>"
  throw new SwirlError(
    baseModel === undefined
      ? `${client.url} has ${known.join(", ") || "no model"}, and nothing says that this is ${policy}. Where the weights are the same, say so: --engine-option baseModel=${say}`
      : `${client.url} has no model ${baseModel}.${suggestion(baseModel, known)}`,
    { kind: "usage" },
  )
}

const withoutSlash = (name: string): string => name.replace(/(?<=.)\/+$/, "")

/**
 * Steps of no length on one known row, the gradient norms of which say how a loss is normalised. The model has to be put back to a
 * saved state after it: moments have moved.
 */
export async function checkGradients(
  model: RemoteModel,
  { loss, normalisation, vocabularySize }: { loss: Loss; normalisation: Normalisation; vocabularySize: number },
): Promise<{ leftOver: number }> {
  // What another model of this slot had summed up and never stepped on is still there.
  const leftOver = await model.step(nothing)
  const rows = knownRows(vocabularySize)
  const logProbabilities = loss === "importance_sampling" ? await model.forward([rows.once[0]!], scoring) : undefined
  const norm = async (data: readonly Datum[]): Promise<number> => {
    const sent = data.map((datum) => ({
      ...datum,
      loss_fn_inputs: {
        ...datum.loss_fn_inputs,
        logprobs: { data: logProbabilities?.[0] ?? datum.loss_fn_inputs.logprobs.data },
      },
    }))
    await model.forwardBackward(sent, lossRequest(loss))
    return model.step(nothing)
  }
  const once = await norm(rows.once)
  const twice = await norm(rows.twice)
  checkNormalisation(normalisation, { once, twice, diluted: await norm(rows.diluted) })
  return { leftOver }
}
