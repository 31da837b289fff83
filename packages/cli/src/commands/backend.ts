import { SwirlError } from "@swirl-ts/core"
import { peersDirectory } from "@swirl-ts/kit"
import { installNativeBackend } from "@swirl-ts/transformer"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "backend",
  description:
    "install native TensorFlow for local models and training (needs python3 with pip, make and a C++ compiler)",
  arguments: { action: { help: "install" } },
  options: { cuda: { help: "the GPU build" } },
  plugins: false,
  async run({ host, say }, { action, cuda }) {
    if (action !== "install")
      throw new SwirlError(`There is no action "${action}". Use: swirl backend install`, { kind: "usage" })
    const directory = peersDirectory(host)
    await installNativeBackend({ directory, cuda, log: say })
    return { directory, cuda }
  },
  text: ({ directory }) => `Native TensorFlow is ready in ${directory}; local models use it from now on.`,
})
