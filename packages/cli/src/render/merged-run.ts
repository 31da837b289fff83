/** What a merge of shards holds, for people. */
import type { MergedRun } from "@swirl-ts/stages"

export const mergedLines = ({ directory, shards, stages, records, leftOut, wasThere }: MergedRun): string[] => [
  `${directory}: ${shards} shards${wasThere ? ", merged before: nothing to do" : ""}`,
  ...stages.map(
    ({ stage, trajectories, errors }) =>
      `  ${stage}: ${trajectories} trajectories${errors > 0 ? `, ${errors} of them with errors (the command without --shard tries them again)` : ""}`,
  ),
  ...Object.entries(records).map(([name, count]) => `  ${name}: ${count} records`),
  ...(leftOut.length > 0 ? [`left out, to be made anew of the whole: ${leftOut.join(", ")}`] : []),
]
