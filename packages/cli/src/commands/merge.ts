import { resolve } from "node:path"
import { mergeShards } from "@swirl-ts/stages"
import { runOptions } from "../options/tables.ts"
import { mergedLines } from "../render/merged-run.ts"
import { defineCommand } from "./command.ts"

const { default: _default, ...run } = runOptions.run

export const command = defineCommand({
  name: "merge",
  description: "put the shards of a run (--shard i/n) together: the folder that one process would have written",
  arguments: { folders: { many: true, help: "the run folders of all shards, in any order" } },
  options: { run: { ...run, help: "the folder that is made", required: true } },
  plugins: false,
  run: ({ host, abortSignal, onProgress, directory }, { folders }) =>
    mergeShards(
      folders.map((folder) => resolve(host.workingDirectory, folder)),
      directory,
      { host, abortSignal, onProgress },
    ),
  text: mergedLines,
})
