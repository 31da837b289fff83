import { resolve } from "node:path"
import { mergeShards } from "@swirl-ts/stages"
import { runOptions } from "../options/tables.ts"
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
  text: ({ directory, shards, stages, records, leftOut, wasThere }) => [
    `${directory}: ${shards} shards${wasThere ? ", merged before: nothing to do" : ""}`,
    ...stages.map(
      ({ stage, trajectories, errors }) =>
        `  ${stage}: ${trajectories} trajectories${errors > 0 ? `, ${errors} of them with errors (the command without --shard tries them again)` : ""}`,
    ),
    ...Object.entries(records).map(([name, count]) => `  ${name}: ${count} records`),
    ...(leftOut.length > 0 ? [`left out, to be made anew of the whole: ${leftOut.join(", ")}`] : []),
  ],
})
