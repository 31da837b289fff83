/** The plugins that are there without a config file. Loaded only where they are asked for: it takes a while. */
import { beerqa } from "@swirl-ts/bench-beerqa"
import { cofca } from "@swirl-ts/bench-cofca"
import { gsm8k } from "@swirl-ts/bench-gsm8k"
import { hotpotqa } from "@swirl-ts/bench-hotpotqa"
import { musique } from "@swirl-ts/bench-musique"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { SwirlError, suggestion } from "@swirl-ts/core"
import { embedders } from "@swirl-ts/embedders"
import { ray } from "@swirl-ts/engine-ray"
import { tinker } from "@swirl-ts/engine-tinker"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { llama } from "@swirl-ts/model-llama"
import { models } from "@swirl-ts/models"
import { formats } from "@swirl-ts/runner"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"

/** By the names that their packages export them by. */
const factories = {
  calculator,
  search,
  gsm8k,
  hotpotqa,
  musique,
  beerqa,
  cofca,
  sandbox,
  formats,
  judges,
  models,
  local,
  llama,
  embedders,
  tinker,
  trainer,
  ray,
}
type Factories = typeof factories

/** Options of the plugins that have some, by the plugin's name: `{ search: { count: 1 } }`. */
export type OfficialOptions = { [Name in keyof Factories]?: Parameters<Factories[Name]>[0] }
type OfficialPlugin = ReturnType<Factories[keyof Factories]>

/** Every official plugin, for a config's list: `plugins: [...official(), own]`. */
export function official(options: OfficialOptions = {}): OfficialPlugin[] {
  const names = Object.keys(factories)
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new SwirlError(`There is no official plugin "${unknown}" to give options to.${suggestion(unknown, names)}`, {
      kind: "usage",
    })
  const given: Record<string, object | undefined> = options
  const entries = Object.entries(factories as Record<string, (own?: object) => OfficialPlugin>)
  return entries.map(([name, factory]) => factory(given[name]))
}
