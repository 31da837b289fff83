import { existsSync } from "node:fs"
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { defineCommand } from "./command.ts"

const scaffold = `import { beerqa } from "@swirl-ts/bench-beerqa"
import { cofca } from "@swirl-ts/bench-cofca"
import { gsm8k } from "@swirl-ts/bench-gsm8k"
import { hotpotqa } from "@swirl-ts/bench-hotpotqa"
import { musique } from "@swirl-ts/bench-musique"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { defineConfig } from "@swirl-ts/core"
import { embedders } from "@swirl-ts/embedders"
import { judges } from "@swirl-ts/judges"
import { llama } from "@swirl-ts/model-llama"
import { local } from "@swirl-ts/local"
import { models } from "@swirl-ts/models"
import { formats } from "@swirl-ts/runner"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"

export default defineConfig({
  // Add your own plugin here; \`swirl list\` shows what is loaded.
  plugins: [
    calculator(),
    search(),
    gsm8k(),
    hotpotqa(),
    musique(),
    beerqa(),
    cofca(),
    sandbox(),
    formats(),
    judges(),
    models(),
    local(),
    llama(),
    embedders(),
    trainer(),
  ],
  // Short names for model strings: \`swirl eval gsm8k --model small\`.
  models: { small: "openai:my-model" },
  // Names of the plugins above; a typo is a compile error.
  defaults: { judge: "grounded", strategy: "process", seed: 7 },
})
`

export const command = defineCommand({
  name: "init",
  description: "write a swirl.config.ts that lists the official plugins",
  plugins: false,
  async run({ host }) {
    const path = join(host.workingDirectory, "swirl.config.ts")
    if (existsSync(path)) throw new SwirlError(`${path} exists already; it is left as it is.`, { kind: "usage" })
    await writeFileAtomic(path, scaffold)
    return { path }
  },
  text: ({ path }) => `Wrote ${path}.`,
})
