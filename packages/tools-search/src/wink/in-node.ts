/** wink-nlp with its English model, which takes a quarter of a second to load: it is loaded with the first text and not before. */
import { createRequire } from "@swirl-ts/platform"
import type { Model, WinkMethods } from "wink-nlp"

const require = createRequire(import.meta.url)

/** Made anew each time. An empty pipe: tokens and their lexical features only, no sentences, entities or parts of speech. */
export function createWink(): WinkMethods {
  const winkNLP = require("wink-nlp") as (model: Model, pipe: string[]) => WinkMethods
  return winkNLP(require("wink-eng-lite-web-model") as Model, [])
}
