/** The fields of a config.json, read one by one: what is not as it should be is told by the file and the field's name. */

export type Json = Record<string, unknown>

export interface ConfigFields {
  readonly source: Readonly<Json>
  /** A positive whole number; `fallback` where the field is missing or null. */
  size(name: string, fallback?: number): number
  /** A number above zero. */
  positive(name: string, fallback?: number): number
  /** The same, or undefined where the field is missing or null. */
  optional(name: string): number | undefined
  /** Throws that a field is not computed here. */
  refuse(what: string): never
}

export function createFields(source: Readonly<Json>, where: string): ConfigFields {
  const wrong = (name: string, what: string, value: unknown): never => {
    throw new Error(`${where}: ${name} should be a positive ${what}, got ${JSON.stringify(value)}.`)
  }
  const positive = (name: string, fallback?: number): number => {
    const value = source[name] ?? fallback
    return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : wrong(name, "number", value)
  }
  return {
    source,
    positive,
    size(name, fallback) {
      const value = source[name] ?? fallback
      return typeof value === "number" && Number.isInteger(value) && value > 0
        ? value
        : wrong(name, "whole number", value)
    },
    optional: (name) => (source[name] === undefined || source[name] === null ? undefined : positive(name)),
    refuse(what) {
      throw new Error(`${where}: ${what}. This package computes only what it computes exactly as transformers does.`)
    },
  }
}
