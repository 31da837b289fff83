/** The plugins that are there without a config file. Loaded only where they are asked for: it takes a while. */
import { beerqa } from "@swirl-ts/bench-beerqa"
import { cofca } from "@swirl-ts/bench-cofca"
import { gsm8k } from "@swirl-ts/bench-gsm8k"
import { hotpotqa } from "@swirl-ts/bench-hotpotqa"
import { musique } from "@swirl-ts/bench-musique"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { embedders } from "@swirl-ts/embedders"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { llama } from "@swirl-ts/model-llama"
import { models } from "@swirl-ts/models"
import { formats } from "@swirl-ts/runner"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"

/** By the names that a config imports them by. */
export const officialPlugins = {
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
  trainer,
}
