import { errorMessage, SwirlError } from "@swirl-ts/core"
import { peersDirectory } from "@swirl-ts/kit"
import { installNativeBackend, MissingPrerequisite } from "@swirl-ts/transformer"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "backend",
  description:
    "install native TensorFlow for local models and training (Linux; needs python3 with pip, make and a C++ compiler)",
  arguments: { action: { help: "install" } },
  options: {
    cuda: {
      help: "the build for NVIDIA GPUs, with CUDA 12's libraries (x64, about 6 GB): it computes where a driver and a GPU are; CUDA_VISIBLE_DEVICES=-1 computes on the CPU",
    },
  },
  plugins: false,
  async run({ host, say, abortSignal }, { action, cuda }) {
    if (action !== "install")
      throw new SwirlError(`There is no action "${action}". Use: swirl backend install`, { kind: "usage" })
    const directory = peersDirectory(host)
    try {
      return { directory, cuda, ...(await installNativeBackend({ directory, cuda, log: say, abortSignal })) }
    } catch (cause) {
      const kind = cause instanceof MissingPrerequisite ? "usage" : "failed"
      throw new SwirlError(errorMessage(cause), { kind, cause })
    }
  },
  text: ({ directory, device, problem }) => [
    `Native TensorFlow is ready in ${directory}; local models use it from now on${device === "gpu" ? ", on the GPU" : ""}.`,
    ...(problem ? [problem] : []),
  ],
})
