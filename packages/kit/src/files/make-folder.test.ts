import { symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { onDisk } from "./disk-errors.ts"
import { makeFolder } from "./make-folder.ts"

const folder = temporaryFolder()

it("makes a folder and those above it, also twice and by two at once", async () => {
  const path = join(folder, "a", "b", "c")
  await Promise.all([makeFolder(path), makeFolder(path)])
  await makeFolder(path)
  await writeFile(join(path, "file"), "")
})

it("says in a sentence what takes no folder: a file, a link to itself, a part of the path that is a file, a link to nowhere", async () => {
  await writeFile(join(folder, "file"), "")
  await symlink("loop", join(folder, "loop"))
  await symlink("missing/folder", join(folder, "nowhere"))
  for (const [path, said] of [
    ["file", "there is a file or a link of that name where a folder belongs"],
    ["loop", "it is a link that leads back to itself"],
    ["file/inside", "part of that path is a file"],
    ["nowhere", "there is a file or a link of that name"],
  ] as const) {
    const made = onDisk("create", path, () => makeFolder(join(folder, path)))
    await expect(made).rejects.toThrow(new RegExp(`^Could not create ${path}: (${said})`))
    await expect(made).rejects.toMatchObject({ kind: "usage" })
  }
})

it.runIf(process.platform === "linux")("ends where the folder above takes none", async () => {
  await expect(onDisk("create", "/proc/x/y", () => makeFolder("/proc/x/y"))).rejects.toThrow(
    "Could not create /proc/x: the folder above takes none. Use another path.",
  )
})
