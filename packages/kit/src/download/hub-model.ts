/**
 * A model on the Hugging Face hub as a folder in the cache. Invariant: a name that has been fetched once stands for the
 * commit that it meant then, offline too, and its folder is whole: the note of the commit is written last.
 */
import { type Host, SwirlError } from "@swirl-ts/core"
import { dirname, join } from "@swirl-ts/platform"
import { makeFolder } from "../files/make-folder.ts"
import { readTextIfThere } from "../files/read-text.ts"
import { writeFileAtomic } from "../files/write-atomic.ts"
import { download, reason } from "./download.ts"
import { hub, isOffline } from "./remote-file.ts"

export interface HubModel {
  /** `owner/name`. */
  repository: string
  /** A branch, tag or commit. Default: main. */
  revision?: string
}

const needed =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model.*\.safetensors|model\.safetensors\.index\.json|adapter_config\.json|adapter_model\.safetensors)$/

/** The folder of a model that has been fetched; nothing is asked of the network. */
export async function fetchedModel(model: HubModel, host: Host): Promise<string | undefined> {
  const commit = (await readTextIfThere(noteOf(model, host)))?.trim()
  return commit ? join(folderOf(model, host), commit) : undefined
}

/** The folder of a model, fetched first where it is not there. A download that broke is gone on with. */
export async function hubModel(model: HubModel, host: Host): Promise<string> {
  const there = await fetchedModel(model, host)
  if (there !== undefined) return there
  const { repository, revision = "main" } = model
  const { commit, files } = await filesOf(model, host)
  host.log(`${repository}@${revision} is commit ${commit}: ${files.length} files`)
  for (const { path, lfs } of files)
    await download({ kind: "model", repository, revision: commit, path, sha256: lfs?.oid }, host)
  const note = noteOf(model, host)
  await makeFolder(dirname(note))
  await writeFileAtomic(note, `${commit}\n`)
  return join(folderOf(model, host), commit)
}

interface ModelFile {
  path: string
  lfs?: { oid: string }
}

/** Throws where neither the cache nor the hub has such a model; fetches nothing. */
export async function findHubModel(model: HubModel, host: Host): Promise<void> {
  if ((await fetchedModel(model, host)) === undefined) await filesOf(model, host)
}

/** Which commit a revision is, and the files of it that a model is loaded from. */
async function filesOf(
  { repository, revision = "main" }: HubModel,
  host: Host,
): Promise<{ commit: string; files: ModelFile[] }> {
  const source = hub(host)
  const all: ModelFile[] = []
  let commit: string
  try {
    if (isOffline(host)) throw new Error("HF_HUB_OFFLINE is set")
    const { listFiles, modelInfo } = await import("@huggingface/hub")
    ;({ sha: commit } = await modelInfo({ name: repository, revision, additionalFields: ["sha"], ...source }))
    const repo = { type: "model", name: repository } as const
    for await (const entry of listFiles({ repo, revision: commit, ...source }))
      if (entry.type === "file") all.push(entry)
  } catch (cause) {
    throw new SwirlError(
      `There is no model ${repository}@${revision} in the cache, and ${source.hubUrl} was asked in vain: ${reason(cause)}. ` +
        `A model that is not open to all needs HF_TOKEN; without network, give a folder: local:<directory>.`,
      { cause, kind: "usage" },
    )
  }
  const files = all.filter(({ path }) => needed.test(path))
  if (!files.some(({ path }) => path.endsWith(".safetensors"))) {
    const gguf = all.find(({ path }) => path.endsWith(".gguf"))
    throw new SwirlError(
      `${repository}@${revision} has no safetensors.${gguf ? ` It has GGUF files: fetch one, such as ${gguf.path}, and name it: local:<file.gguf>.` : ""}`,
      { kind: "usage" },
    )
  }
  return { commit, files }
}

const folderOf = ({ repository }: HubModel, host: Host): string =>
  join(host.cacheDirectory, "models", repository.replace("/", "--"))

const noteOf = (model: HubModel, host: Host): string =>
  join(folderOf(model, host), "revisions", encodeURIComponent(model.revision ?? "main"))
