/**
 * How files that people write beside their work are imported. What they import of swirl-ts is found where they stand, else
 * where this command stands: a folder without node_modules works with a command that is installed elsewhere.
 */
import { registerHooks } from "node:module"
import { errorCode } from "@swirl-ts/kit"
import { noteImport } from "./module-text.ts"

let ready = false

/** Before the first of them is imported. */
export function prepareOwnModules(): void {
  if (ready) return
  ready = true
  registerHooks({
    resolve(specifier, context, next) {
      try {
        const resolved = next(specifier, context)
        noteImport(specifier, context.parentURL, resolved.url)
        return resolved
      } catch (error) {
        if (!specifier.startsWith("@swirl-ts/") || !isNotFound(error)) throw error
        try {
          return next(specifier, { ...context, parentURL: import.meta.url })
        } catch {
          throw error
        }
      }
    },
  })
  const listeners = process.listeners("warning")
  process.removeAllListeners("warning")
  process.on("warning", (warning) => {
    if (!isAboutSyntax(warning)) for (const listener of listeners) listener(warning)
  })
}

/** Node found no such package or file. */
export const isNotFound = (error: unknown): boolean => errorCode(error) === "ERR_MODULE_NOT_FOUND"

/** Node's remarks on how it found out what a module is: what fails for it is told in a sentence of ours. */
const isAboutSyntax = (warning: Error & { code?: string }): boolean =>
  warning.code === "MODULE_TYPELESS_PACKAGE_JSON" || warning.message.startsWith("Failed to load the ES module")
