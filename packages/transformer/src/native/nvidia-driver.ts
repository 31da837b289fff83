/** Whether a GPU can compute here, told from the file system and the environment: nothing is loaded for the answer. */
import { existsSync } from "node:fs"

/** What the driver's kernel module leaves: on Linux, in a container with a GPU, and under Windows' Linux. */
const driverMarks = ["/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg"]

/** Why no GPU computes, as the end of a sentence, and what to do; undefined where one may. */
export function withoutGpu(
  environment: NodeJS.ProcessEnv = process.env,
  marks: readonly string[] = driverMarks,
): string | undefined {
  const visible = environment.CUDA_VISIBLE_DEVICES
  if (visible !== undefined && /^\s*(-|$)/.test(visible))
    return "CUDA_VISIBLE_DEVICES hides every GPU; unset it to use one"
  if (marks.some((mark) => existsSync(mark))) return undefined
  return "no NVIDIA driver was found; install NVIDIA's driver for CUDA 12 or newer (a container: start it with --gpus all)"
}
