/** Paths of one tree, as Node has them on POSIX. */
export { basename, dirname, extname, isAbsolute, join, relative, resolve } from "pathe"
