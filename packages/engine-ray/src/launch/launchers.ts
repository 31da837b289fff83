/** The launchers by the name of whose loop trains. */
import type { EngineSettings } from "../engine-settings.ts"
import type { Launcher } from "./launch.ts"
import { openrlhfLauncher } from "./openrlhf.ts"
import { trlLauncher } from "./trl.ts"
import { verlLauncher } from "./verl.ts"

export const launchers: Readonly<Record<EngineSettings["launcher"], Launcher>> = {
  trl: trlLauncher,
  verl: verlLauncher,
  openrlhf: openrlhfLauncher,
}
