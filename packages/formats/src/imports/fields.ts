/** Fields of objects of other tools, of which no more is believed than what they are. */
import { isObject } from "@swirl-ts/kit"

export type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {})
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const objectsOf = (value: unknown): readonly Fields[] => listOf(value).filter(isObject)
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)
/** A finite number. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined
/** A text, or a number as text: ids are both. */
export const idOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined
/** One text, or those of a list. */
export const textsOf = (value: unknown): string[] =>
  typeof value === "string" ? [value] : listOf(value).filter((each): each is string => typeof each === "string")
