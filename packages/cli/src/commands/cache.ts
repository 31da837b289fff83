import { SwirlError } from "@swirl-ts/core"
import { cacheFolder, listCache, pruneCache } from "@swirl-ts/stages"
import { byteSize, duration } from "../options/values.ts"
import { bytesText } from "../render/bytes-text.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "cache",
  description: "the answers of models that --cache has kept: list them by model, or prune them",
  arguments: { action: { help: "list or prune" } },
  options: {
    olderThan: {
      value: "<time>",
      help: "prune: delete answers that were given longer ago, e.g. 12h or 30d",
      parse: duration,
    },
    maxSize: {
      value: "<size>",
      help: "prune: delete those that were used longest ago until no more than this is left, e.g. 500MB; 0 for all",
      parse: byteSize,
    },
    model: { value: "<name>", help: "only models whose name holds this" },
  },
  plugins: false,
  async run({ host }, { action, olderThan, maxSize, model }) {
    const folder = cacheFolder(host)
    if (action === "list") {
      if (olderThan !== undefined || maxSize !== undefined)
        throw new SwirlError("--older-than and --max-size say what is deleted. Use: swirl cache prune", {
          kind: "usage",
        })
      const { models, ...all } = await listCache(folder)
      return { ...all, models: models.filter((each) => model === undefined || each.model.includes(model)) }
    }
    if (action !== "prune")
      throw new SwirlError(`There is no action "${action}". Use: swirl cache list, or swirl cache prune`, {
        kind: "usage",
      })
    if (olderThan === undefined && maxSize === undefined)
      throw new SwirlError(
        "Say what is to be deleted: --older-than <time>, --max-size <size>, or both; --max-size 0 deletes all.",
        { kind: "usage" },
      )
    return { folder, ...(await pruneCache(folder, { olderThan, maxBytes: maxSize, model })) }
  },
  text(result) {
    if ("deleted" in result) {
      const { deleted, bytesDeleted, left, bytesLeft, folder } = result
      return `${deleted} answers deleted (${bytesText(bytesDeleted)}); ${left} are left in ${folder} (${bytesText(bytesLeft)})`
    }
    if (result.models.length === 0) return `Nothing is kept in ${result.folder}. Commands keep answers with --cache.`
    return [
      ...table([
        ["model", "answers", "size", "oldest", "newest", "last used", "servers"],
        ...result.models.map(({ model, answers, bytes, oldest, newest, lastUsed, servers = [] }) => [
          model,
          String(answers),
          bytesText(bytes),
          minute(oldest),
          minute(newest),
          minute(lastUsed),
          servers.join(", "),
        ]),
      ]),
      `${bytesText(result.bytes)} in ${result.folder}`,
    ]
  },
})

/** `2026-11-29 23:14`, of UTC. */
const minute = (iso: string): string => iso.slice(0, 16).replace("T", " ")
