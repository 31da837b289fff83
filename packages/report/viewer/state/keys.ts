/** Single keys, for those who want them: a view says what its keys do while it is there. They can be turned off (WCAG 2.1.4). */
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { remember, remembered } from "./theme.ts"

export type Keys = Readonly<Record<string, () => void>>

export const areKeysOn = signal(remembered("keys") !== "off")
export function turnKeys(on: boolean): void {
  areKeysOn.value = on
  remember("keys", on ? "on" : "off")
}

const layers: Keys[] = []

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  const { key, target } = event
  // An open dialog has its own Escape, and a letter in a field is a letter.
  if (document.querySelector("dialog[open]")) return
  if (isTyping(target) && key !== "Escape") return
  if (key === "Enter" && target instanceof Element && target.closest("a, button, summary")) return
  if (!areKeysOn.value && key !== "Escape" && key !== "Enter") return
  const action = layers.findLast((layer) => Object.hasOwn(layer, key))?.[key]
  if (!action) return
  event.preventDefault()
  action()
})

export function useKeys(keys: Keys): void {
  useEffect(() => {
    layers.push(keys)
    return () => {
      layers.splice(layers.indexOf(keys), 1)
    }
  })
}
