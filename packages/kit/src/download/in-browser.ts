/** In a browser: there is no cache folder that outlives a page, so no model of the hub is there, and none is fetched. */
import { SwirlError } from "@swirl-ts/core"
import type { HubModel } from "./hub-model.ts"

export const fetchedModel = async (): Promise<undefined> => undefined

const refuse = ({ repository }: HubModel): never => {
  throw new SwirlError(`${repository} is on the hub, and a browser fetches nothing from there. Use nano.`, {
    kind: "usage",
  })
}

export const hubModel = async (model: HubModel): Promise<never> => refuse(model)
export const findHubModel = async (model: HubModel): Promise<never> => refuse(model)
