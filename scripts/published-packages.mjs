/** Folder names of the packages that are published: all that are not private. */
import { readdirSync, readFileSync } from "node:fs"

const packages = new URL("../packages/", import.meta.url)
const isPrivate = (name) => JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), "utf8")).private === true

export const publishedPackages = readdirSync(packages).filter((name) => !isPrivate(name))
