/**
 * Logs of Inspect (`.eval` archives, and JSON): one conversation a sample and epoch. Read is what the sample ended with; events
 * are asked for the tools that were offered and for how each turn ended. Format: Inspect's log schema, version 2.
 */
import { open } from "node:fs/promises"
import { basename } from "node:path"
import { isObject, onDisk } from "@swirl-ts/kit"
import { badFile } from "./bad-file.ts"
import type { ForeignConversation, ForeignLog, Importer } from "./conversation.ts"
import { type Fields, fieldsOf, idOf, numberOf, objectsOf, textOf } from "./fields.ts"
import { functionTools } from "./function-tools.ts"
import { type InspectRun, inspectConversation } from "./inspect-sample.ts"
import { jsonDocument } from "./json-file.ts"
import { openZip } from "./zip-archive.ts"

/** The newest version of the schema that is read. */
const newest = 2
const advice = "Give a log that Inspect wrote: .eval, or .json (inspect log convert)."

export const inspect: Importer = {
  name: "inspect",
  description: "logs of Inspect (UK AISI): .eval archives and JSON",
  endings: [".eval", ".json"],
  open: async (file) => ((await isZip(file)) ? openArchive(file) : openDocument(file)),
}

async function openArchive(file: string): Promise<ForeignLog> {
  const zip = await openZip(file)
  let header: unknown
  try {
    // A log that is still written has no header yet.
    header = (await zip.json("header.json")) ?? (await zip.json("_journal/start.json"))
  } finally {
    zip.close()
  }
  if (header === undefined)
    throw badFile({ file }, "is an archive, but no log of Inspect: it has no header.json", advice)
  const log = openLog(file, header)
  return {
    ...log.facts,
    async *conversations() {
      const again = await openZip(file)
      try {
        for (const name of again.names.filter((each) => /^samples\/.+\.json$/.test(each)).sort()) {
          const sample = await again.json(name)
          yield log.conversation(sample, { entry: name })
        }
      } finally {
        again.close()
      }
    },
  }
}

async function openDocument(file: string): Promise<ForeignLog> {
  const document = await jsonDocument(file)
  const log = openLog(file, document)
  return {
    ...log.facts,
    async *conversations() {
      for (const [index, sample] of objectsOf(fieldsOf(document).samples).entries())
        yield log.conversation(sample, { entry: `samples/${index}` })
    },
  }
}

function openLog(file: string, header: unknown) {
  if (!isObject(header) || !isObject(header.eval))
    throw badFile({ file }, 'is no log of Inspect: it has no "eval"', advice)
  const version = numberOf(header.version) ?? 1
  const { eval: run } = header
  const made = textOf(fieldsOf(run.packages).inspect_ai)
  const ours = textOf(fieldsOf(run.packages)["swirl-ts"])
  if (version > newest)
    throw badFile(
      { file },
      `is a log of version ${version}${made === undefined ? "" : ` (by inspect-ai ${made})`}, and versions up to ${newest} are read`,
      "Update swirl-ts, or convert it with the Inspect that wrote it.",
    )
  const facts = {
    producer: ours === undefined ? { tool: "inspect-ai", version: made } : { tool: "swirl-ts", version: ours },
    license: textOf(fieldsOf(run.metadata).license) ?? textOf(fieldsOf(header.metadata).license),
  }
  return {
    facts,
    conversation(sample: unknown, place: ForeignConversation["place"]): ForeignConversation {
      if (!isObject(sample) || !Array.isArray(sample.messages))
        throw badFile(
          { file, entry: place.entry, id: idOf(fieldsOf(sample).id) },
          'is no sample of Inspect: it has no "messages"',
          advice,
        )
      return inspectConversation(sample, { ...ofLog(header, basename(file)), place })
    },
  }
}

function ofLog(header: Fields, file: string): InspectRun {
  const run = fieldsOf(header.eval)
  const isOurs = textOf(fieldsOf(run.packages)["swirl-ts"]) !== undefined
  const config = { ...fieldsOf(fieldsOf(header.plan).config), ...fieldsOf(run.model_generate_config) }
  return {
    runId: idOf(run.eval_id) ?? idOf(run.run_id) ?? idOf(run.created) ?? file,
    task: textOf(run.task) ?? file,
    model: textOf(run.model) ?? "unknown",
    temperature: numberOf(config.temperature),
    seed: numberOf(config.seed),
    isOurs,
    // Other tools' metadata may hold anything.
    tools: isOurs ? functionTools(fieldsOf(run.metadata).tools) : [],
  }
}

async function isZip(file: string): Promise<boolean> {
  if (file.endsWith(".eval")) return true
  return onDisk("read", file, async () => {
    const handle = await open(file)
    try {
      const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
      return buffer.toString("latin1") === "PK\u0003\u0004"
    } finally {
      await handle.close()
    }
  })
}
