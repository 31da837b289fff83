/** The steps with Python's real tools, on wheels that the test makes: of libraries that do nothing. */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { afterEach, describe, expect, it, vi } from "vitest"
import { cudaRequirements, installCudaLibraries } from "./cuda-libraries.ts"
import { readNotes } from "./wheel.ts"

const metadata = `Metadata-Version: 2.4
Name: tensorflow
Version: 2.21.0
Requires-Dist: numpy>=1.26.0
Provides-Extra: and-cuda
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cuda-nvcc-cu12<13.0,>=12.5.82; extra == "and-cuda"
Requires-Dist: nvidia-cuda-runtime-cu12 (==12.5.82) ; (platform_system == "Linux") and extra == 'and-cuda'
Requires-Dist: nvidia-cusolver-cu12<12.0,>=11.6.3.83; extra == "and-cuda"
Provides-Extra: gcs-filesystem
Requires-Dist: nvidia-other; extra == "gcs-filesystem"
`

it("reads what the extra and-cuda requires, whatever way it is written, without the compiler", () => {
  expect(cudaRequirements(metadata)).toEqual([
    "nvidia-cublas-cu12<13.0,>=12.5.3.2",
    "nvidia-cuda-runtime-cu12==12.5.82",
    "nvidia-cusolver-cu12<12.0,>=11.6.3.83",
  ])
})

const runs = (tool: string, ...args: string[]) => spawnSync(tool, args).status === 0
const able = process.platform === "linux" && runs("gcc", "--version") && runs("python3", "-m", "pip", "--version")

describe.skipIf(!able)("wheels", { timeout: 120_000 }, () => {
  /** `contents`: what a library's file holds, by its name; undefined: a library that can be opened. */
  function wheel(index: string, name: string, version: string, contents: Record<string, string | undefined>): void {
    const files = Object.entries(contents).map(([path, content]) => {
      const file = join(temporaryFolder({ "x.c": "" }), "library")
      if (content === undefined) execFileSync("gcc", ["-shared", "-o", file, join(file, "..", "x.c")])
      else writeFileSync(file, content)
      return [path, file]
    })
    const notes = `${name.replaceAll("-", "_")}-${version}.dist-info`
    const text = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`
    execFileSync("python3", [
      "-c",
      `import sys, json, zipfile
z = zipfile.ZipFile(sys.argv[1], "w")
for path, file in json.loads(sys.argv[2]): z.write(file, path)
z.writestr(sys.argv[3] + "/METADATA", sys.argv[4])
z.writestr(sys.argv[3] + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: py3-none-any\\n")
z.writestr(sys.argv[3] + "/LICENSE.txt", "terms")
z.writestr(sys.argv[3] + "/RECORD", "")`,
      join(index, `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`),
      JSON.stringify(files),
      notes,
      text,
    ])
  }

  /** pip sees the wheels of a folder and nothing else. */
  function indexFolder(): string {
    const index = temporaryFolder()
    vi.stubEnv("PIP_NO_INDEX", "1")
    vi.stubEnv("PIP_FIND_LINKS", index)
    return index
  }
  afterEach(() => vi.unstubAllEnvs())

  const libraries = (index: string): void => {
    wheel(index, "nvidia-cublas-cu12", "12.9.1", { "nvidia/cublas/lib/libcublas.so.12": undefined })
    wheel(index, "nvidia-cuda-runtime-cu12", "12.5.82", {
      "nvidia/cuda_runtime/lib/libcudart.so.12": undefined,
      "nvidia/cuda_runtime/include/cuda.h": "not taken along",
    })
  }

  /** Where TensorFlow's wheel was unpacked to, as far as it matters here. */
  function tensorFlow(): { deps: string; downloads: string } {
    const deps = temporaryFolder({ "notes/tensorflow-2.21.0.dist-info/METADATA": metadata })
    return { deps, downloads: join(deps, "wheels") }
  }

  it("are unpacked without a trace of themselves, linked where TensorFlow looks, and a broken run goes on", async () => {
    const index = indexFolder()
    libraries(index)
    const { deps, downloads } = tensorFlow()
    const lines: string[] = []
    const install = () => installCudaLibraries(deps, downloads, { log: (line) => lines.push(line) })
    await expect(install()).rejects.toThrow(/pip finds no wheel of nvidia-cusolver-cu12<12\.0,>=11\.6\.3\.83/)
    expect(readNotes(deps, "nvidia-cublas-cu12")).toMatch(/Version: 12\.9\.1/)

    for (const file of readdirSync(index)) rmSync(join(index, file))
    wheel(index, "nvidia-cusolver-cu12", "11.7.5", { "nvidia/cusolver/lib/libcusolver.so.11": undefined })
    lines.length = 0
    await install()
    expect(lines).toEqual(["pip: nvidia-cusolver-cu12<12.0,>=11.6.3.83 (3 of 3)"])
    expect(readlinkSync(join(deps, "nvidia/cuda_runtime/lib/libcusolver.so.11"))).toBe(
      "../../cusolver/lib/libcusolver.so.11",
    )
    expect(existsSync(downloads)).toBe(false)
    expect(existsSync(join(deps, "nvidia/cuda_runtime/include"))).toBe(false)
    expect(readFileSync(join(deps, "notes/nvidia_cusolver_cu12-11.7.5.dist-info/LICENSE.txt"), "utf8")).toBe("terms")
  })

  it("are not waited for by an installation that is ended, and leave nothing half-downloaded", async () => {
    indexFolder()
    const { deps, downloads } = tensorFlow()
    const steps = { log: () => {}, signal: AbortSignal.timeout(50) }
    await expect(installCudaLibraries(deps, downloads, steps)).rejects.toThrow(
      /pip could not download nvidia-cublas-cu12/,
    )
    expect(existsSync(join(downloads, "temporary"))).toBe(false)
  })

  it("with a library that cannot be opened are told of by its name, but not for want of a driver", async () => {
    const index = indexFolder()
    libraries(index)
    wheel(index, "nvidia-cusolver-cu12", "11.7.5", { "nvidia/cusolver/lib/libcusolver.so.11": "half a library" })
    const { deps, downloads } = tensorFlow()
    await expect(installCudaLibraries(deps, downloads, { log: () => {} })).rejects.toThrow(
      /cannot be opened: .*libcusolver\.so\.11/,
    )
    // What needs the driver's own library is no broken library.
    const file = join(deps, "nvidia/cusolver/lib/libcusolver.so.11")
    const stub = join(temporaryFolder({ "x.c": "" }), "x.c")
    const driver = join(stub, "..", "libcuda.so")
    execFileSync("gcc", ["-shared", "-Wl,-soname,libcuda.so.1", "-o", driver, stub])
    execFileSync("gcc", ["-shared", "-Wl,--no-as-needed", "-o", file, stub, driver])
    await installCudaLibraries(deps, downloads, { log: () => {} })
  })
})
