/** Dark, light, or as the system has it; kept where the browser lets a page keep something. */
import { effect, signal } from "@preact/signals"

const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(`swirl.${name}`) ?? undefined
  } catch {
    return undefined
  }
}
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`swirl.${name}`, value)
  } catch {
    // A page without storage forgets it when it is closed.
  }
}

export const theme = signal<Theme>(themes.find((each) => each === remembered("theme")) ?? "system")

export const nextTheme = (): void => {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length]!
  remember("theme", theme.value)
}

effect(() => {
  document.documentElement.dataset.theme = theme.value
})
