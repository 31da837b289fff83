/** The launchers by the name of whose loop trains. */
import type { EngineSettings } from "../engine-settings.ts"
import type { Launcher } from "./launch.ts"
import { trlLauncher } from "./trl.ts"

export const launchers: Readonly<Record<EngineSettings["launcher"], Launcher>> = { trl: trlLauncher }
