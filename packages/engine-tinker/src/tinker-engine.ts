/**
 * The engine `tinker`: core's verbs over a Tinker server, with the policy's tokenizer here and its weights there. Invariant: the
 * initial policy is the server's base; what it cannot give is said when it is made or before.
 */
import {
  cutAtStop,
  type Engine,
  type EngineFactory,
  type EngineOptions,
  type EngineServices,
  endsAt,
  type Host,
  type LanguageModel,
  SwirlError,
  tokenLanguageModel,
  type UnloadedPolicy,
} from "@swirl-ts/core"
import { inTime } from "@swirl-ts/kit"
import { writeAdapterFolder } from "./adapter-folder.ts"
import { checkIds, checkRows } from "./datum.ts"
import { leftModels } from "./left-models.ts"
import { type TinkerSettings, tinkerSettings } from "./options.ts"
import { detailOf, isUnknown } from "./problems.ts"
import { createRemoteModel, type RemoteModel } from "./remote-model.ts"
import { createRemoteSampler, type RemoteSampler, type SampleRequest } from "./remote-sampler.ts"
import { createRemoteTraining, lossOf, nothing } from "./remote-training.ts"
import { serverAddress } from "./server-address.ts"
import { checkGradients, serverModel } from "./server-check.ts"
import { readState, writeState } from "./state-file.ts"
import { createTinkerClient, type TinkerClient } from "./tinker-client.ts"
import { CapabilitiesSchema } from "./wire.ts"

/** `defaults`: what a config says of the server. */
export const tinkerEngine = (defaults: object = {}): EngineFactory => ({
  description:
    "trains a LoRA adapter on a Tinker server, SkyRL of your own or hosted: --engine-url <address> --lora <rank>",
  lacks: ["exactKl"],
  async check(options, host, services) {
    const { client, ...asked } = prepared(defaults, options, host)
    try {
      await policyOf(options.policy, services)
      await serverModel(client, options.policy, asked.settings.baseModel)
    } finally {
      client.close(new SwirlError("The check is over."))
    }
  },
  async create(options, host, services) {
    const { client, settings } = prepared(defaults, options, host, services?.abortSignal)
    /** What was interrupted makes no call any more, and the slot is given back all the same. */
    const parting = () => prepared(defaults, options, host).client
    try {
      const policy = await policyOf(options.policy, services)
      const baseModel = await serverModel(client, options.policy, settings.baseModel)
      return await createTinkerEngine(client, { policy, baseModel, settings, host, parting })
    } catch (error) {
      client.close(error)
      throw error
    }
  },
  identity: async (policy, _host, services) => (await policyOf(policy, services)).identity,
})

function prepared(
  defaults: object,
  { policy: _policy, backend: _backend, ...given }: EngineOptions,
  host: Host,
  abortSignal?: AbortSignal,
): { client: TinkerClient; settings: TinkerSettings } {
  const settings = tinkerSettings(defaults, given)
  return { client: createTinkerClient(serverAddress(settings.url, host), settings, abortSignal), settings }
}

async function policyOf(name: string, services: EngineServices | undefined): Promise<UnloadedPolicy> {
  if (!services)
    throw new SwirlError("The engine tinker needs to be told how its policy's conversations become ids: give services.")
  const policy = await services.unloaded(name)
  if (!policy.isAdapted) return policy
  throw new SwirlError(
    `The engine tinker starts from a base as the server has it, and ${name} has an adapter on top, which no server takes. Start from the base, or train on with the engine local.`,
    { kind: "usage" },
  )
}

interface Parts {
  policy: UnloadedPolicy
  /** The server's name of it. */
  baseModel: string
  settings: TinkerSettings
  host: Host
  parting(): TinkerClient
}

async function createTinkerEngine(client: TinkerClient, parts: Parts): Promise<Engine> {
  const { policy, baseModel, settings, host, parting } = parts
  const { text, vocabularySize, contextSize } = policy
  const left = leftModels(client.url, host)
  for (const id of await left.abandoned()) {
    await giveBack(client, id)
    await left.release(id)
  }
  const create = async (): Promise<RemoteModel> => {
    const model = await createRemoteModel(client, { ...settings, baseModel }).catch((error: unknown) => {
      throw slotProblem(client, error)
    })
    await left.claim(model.id)
    return model
  }
  let sampler: RemoteSampler | undefined
  host.log(
    `Making an adapter of rank ${settings.rank} on ${baseModel} at ${client.url}. A server that has just been started loads and compiles first, which may take minutes.`,
  )
  const training = await createRemoteTraining(create, {
    ...settings,
    log: host.log,
    reached: () => client.get("/get_server_capabilities", CapabilitiesSchema),
    onWeights: { before: async () => sampler?.whenIdle(), after: () => sampler?.forget() },
  })
  const { alpha } = training.model
  if (settings.loraAlpha !== undefined && alpha !== undefined && settings.loraAlpha !== alpha)
    throw new SwirlError(
      `The server's adapters have alpha ${alpha}, whatever is asked for, not ${settings.loraAlpha}. Leave --lora-alpha out, or give ${alpha}.`,
      { kind: "usage" },
    )
  const first = await training.save()
  const { leftOver } = await checkGradients(training.model, { ...settings, vocabularySize })
  await training.load(first)
  const gone = leftOver === 0 ? "" : "; gradients that another training had left there were thrown away"
  host.log(
    `Training an adapter of rank ${settings.rank}, alpha ${alpha ?? "unknown"}, on ${baseModel} at ${client.url}; its gradient of a known row is as set (${settings.normalisation})${gone}.`,
  )
  const own = createRemoteSampler(client, baseModel, training)
  sampler = own

  const stopTokenIds = text.endOfTurnTokenIds
  const sampleIds = (prompt: readonly number[], request: Omit<SampleRequest, "stopTokenIds">) => {
    checkIds(prompt, vocabularySize, "the prompt")
    return own.sample(prompt, { ...request, stopTokenIds })
  }
  let live: LanguageModel | undefined

  return {
    contextSize,
    sample(prompts, { seeds, stopSequences = [], ...request }) {
      if (prompts.length !== seeds.length)
        throw new SwirlError(`sample was given ${prompts.length} prompts and ${seeds.length} seeds.`)
      const isEnd = endsAt(text.codec, stopSequences)
      return Promise.all(
        prompts.map((prompt, index) => sampleIds(prompt, { ...request, topP: 1, topK: 0, seed: seeds[index]!, isEnd })),
      )
    },
    async forwardBackward(rows, { normaliser, exactKl }) {
      if (exactKl)
        throw new SwirlError("A Tinker server gives no KL over the whole vocabulary. Take kl=penalty.", {
          kind: "usage",
        })
      checkRows(rows, vocabularySize)
      const filled = rows.filter(({ tokenIds }) => tokenIds.length > 0)
      // A request without rows never comes to an end there.
      const scored = filled.length > 0 ? await training.add(filled, normaliser) : []
      const logProbabilities = rows.map(({ tokenIds }) => (tokenIds.length > 0 ? scored.shift()! : []))
      return { loss: lossOf(rows, logProbabilities, normaliser), logProbabilities }
    },
    optimStep: async (adam) => ({ gradientNorm: await training.step(adam) }),
    clearGradients: () => training.clear(),
    async logProbabilities(rows, which) {
      checkRows(rows, vocabularySize)
      const filled = rows.filter(({ tokenIds }) => tokenIds.length > 0)
      const scored =
        which === "initial"
          ? await Promise.all(
              filled.map(({ promptTokenIds, tokenIds }) =>
                own.scoreByBase([...promptTokenIds, ...tokenIds], tokenIds.length),
              ),
            )
          : filled.length > 0
            ? await training.score(filled)
            : []
      return rows.map(({ tokenIds }) => (tokenIds.length > 0 ? scored.shift()! : []))
    },
    async saveState(directory) {
      const path = await training.save()
      const weights = await own.path()
      const archive = await training.onModel(() => client.bytes(archiveOf(weights)))
      await writeAdapterFolder(directory, archive, { name: policy.name, digest: policy.identity })
      await writeState(directory, { url: client.url, path, baseModel, rank: settings.rank })
    },
    async loadState(directory) {
      const state = await readState(directory, { baseModel, rank: settings.rank })
      await training.load(state.path).catch((cause: unknown) => {
        if (!isUnknown(cause)) throw cause
        throw new SwirlError(
          `${client.url} does not have the state of ${directory} any more (${state.path}, saved at ${state.url}): ${detailOf(cause)}. Where its database and checkpoints are there, start the server with them; otherwise the adapter is in that folder, and a training can only begin anew, under another --name.`,
          { cause },
        )
      })
    },
    languageModel() {
      live ??= tokenLanguageModel({
        provider: "tinker",
        modelId: `${baseModel} in training`,
        contextSize,
        conversation: text.conversation,
        async generate({ promptTokenIds, stopSequences, ...request }) {
          if (request.maxTokens < 1) return { text: "", tokenIds: [], logProbabilities: [], finishReason: "length" }
          const stops = [...text.stops, ...stopSequences]
          const isEnd = endsAt(text.codec, stops)
          const [turn] = await sampleIds(promptTokenIds, { ...request, n: 1, isEnd })
          const said = text.codec.decode(turn!.tokenIds)
          return { ...turn!, text: cutAtStop(said, stops) ?? said }
        },
        scoring: {
          encode: text.encodeWhole,
          tokenText: text.tokenText,
          vocabularySize,
          logProbabilities: async ([first, ...rest]) =>
            (await training.score([{ promptTokenIds: [first!], tokenIds: rest }]))[0]!,
        },
      })
      return live
    },
    async dispose() {
      const { model } = training
      model.close()
      const closed = new SwirlError("The engine was closed.")
      const last = parting()
      await giveBack(last, model.id)
      await left.release(model.id)
      for (const each of [last, client]) each.close(closed)
    },
  }
}

/** `tinker://<model>/…/<name>`. */
function archiveOf(path: string): string {
  const parts = path.replace("tinker://", "").split("/")
  return `/training_runs/${parts[0]}/checkpoints/${parts.at(-1)}/archive`
}

/** Steps first: what is summed up would be the next model's. That it fails changes nothing: the server forgets a silent session. */
async function giveBack(client: TinkerClient, id: string): Promise<void> {
  const both = async (): Promise<void> => {
    await client.tell("/optim_step", { model_id: id, adam_params: nothing })
    await client.tell("/unload_model", { model_id: id })
  }
  await inTime(both, { milliseconds: 5000, late: "The server does not answer." }).catch(() => {})
}

function slotProblem(client: TinkerClient, error: unknown): unknown {
  const detail = detailOf(error) ?? detailOf((error as { cause?: unknown }).cause) ?? ""
  if (/LoRA rank/.test(detail)) return new SwirlError(`${client.url}: ${detail}.`, { kind: "usage", cause: error })
  if (!/Maximum number of LoRA adapters/.test(detail)) return error
  return new SwirlError(
    `${client.url} has no slot left for another adapter (${detail}; one of them is the base's). Wait until a training ends, five minutes after one that was killed, or start the server with a larger max_lora_adapters.`,
    { cause: error },
  )
}
