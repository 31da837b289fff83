/** A context in which nothing is fetched: what is shown of records is shown from what is here. */
import type { StageContext } from "../context.ts"

export const offline = <C extends Pick<StageContext, "host">>(context: C): C => ({
  ...context,
  host: { ...context.host, environment: { ...context.host.environment, HF_HUB_OFFLINE: "1" } },
})
