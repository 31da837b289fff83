/** What runs a command of swirl on a node: it looks whether the node sees what it has to, and says so where it does not. */
import type { CommandJob } from "@swirl-ts/core"
import { shellWord } from "./launch/launch.ts"

/** Arguments: the run folder, the working directory, the command, its words. */
const commandScript = `run=$1 directory=$2
shift 2
node=$(hostname 2>/dev/null)
if [ ! -e "$run/job.json" ]; then
  echo "swirl error: the node $node of the cluster does not see $run. Client and cluster have to share that folder: name one on shared storage by --run."
  exit 1
fi
if ! cd "$directory" 2>/dev/null; then
  echo "swirl error: the node $node of the cluster does not see $directory, where the command was given. Give it in a folder on shared storage."
  exit 1
fi
if ! command -v "$1" >/dev/null; then
  echo "swirl error: the node $node of the cluster has no command $1. Install Node and @swirl-ts/cli there, and name the command, all of its path on the cluster: SWIRL_RAY_SWIRL=/…/bin/swirl"
  exit 1
fi
exec "$@"
`

/** `swirl`: the command on the cluster. */
export const commandEntrypoint = ({ words, workingDirectory, directory }: CommandJob, swirl: string): string =>
  ["sh", "swirl_command.sh", directory, workingDirectory, swirl, ...words].map(shellWord).join(" ")

/** By its name it is told what was asked for: another command has other files. */
export const commandFiles = ({ words, workingDirectory }: CommandJob): Record<string, string> => ({
  "swirl_command.sh": commandScript,
  "command.json": `${JSON.stringify({ words, workingDirectory }, null, 2)}\n`,
})
