/**
 * How far the GPU build comes without a GPU. A driver that only counts one device takes TensorFlow past the question for a driver,
 * to opening NVIDIA's libraries, which it does before the device itself. Runs where SWIRL_PEERS has the GPU build.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { sourceFlags, temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { bindingFile, gpuPackage, packageDirectory } from "../src/native/package.ts"

const directory = packageDirectory(process.env.SWIRL_PEERS ?? "", gpuPackage)
const installed = process.env.SWIRL_PEERS !== undefined && existsSync(join(directory, bindingFile))

const driver = temporaryFolder({
  "cuda.c": `
int cuInit(unsigned flags) { return 0; }
int cuDriverGetVersion(int *version) { *version = 12080; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuDeviceGetName(char *name, int length, int device) { *name = 0; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 9 : attribute == 76 ? 0 : 128; return 0; }
int cuDeviceTotalMem_v2(unsigned long *bytes, int device) { *bytes = 1ul << 33; return 0; }
int cuDeviceGetPCIBusId(char *id, int length, int device) { *id = 0; return 0; }
int cuGetErrorName(int error, const char **text) { *text = "ERROR"; return 0; }
int cuGetErrorString(int error, const char **text) { *text = "error"; return 0; }
`,
  "management.c": "int nvmlInit_v2(void) { return 0; }\nint nvmlShutdown(void) { return 0; }\n",
})

it.skipIf(!installed)("a stand-in driver makes TensorFlow open every library that it needs", () => {
  for (const [source, name] of [
    ["cuda.c", "libcuda.so.1"],
    ["management.c", "libnvidia-ml.so.1"],
  ] as const)
    execFileSync("gcc", ["-shared", "-fPIC", `-Wl,-soname,${name}`, "-o", join(driver, name), join(driver, source)])
  const check = fileURLToPath(new URL("../src/native/check.ts", import.meta.url))
  const { stderr } = spawnSync(process.execPath, [...sourceFlags, check, gpuPackage, directory], {
    encoding: "utf8",
    maxBuffer: 1e8,
    env: { ...process.env, LD_LIBRARY_PATH: driver, LD_DEBUG: "libs", TF_CPP_MIN_LOG_LEVEL: "0" },
  })
  // What comes of a device that is none does not matter.
  expect(stderr).not.toContain("Cannot dlopen some GPU libraries")
  const opened = [...stderr.matchAll(/calling init: .*\/nvidia\/.*\/(lib\w+)\.so/g)].map(([, name]) => name)
  for (const name of ["libcudart", "libcublas", "libcublasLt", "libcudnn", "libcufft", "libcusolver", "libcusparse"])
    expect(opened).toContain(name)
})
