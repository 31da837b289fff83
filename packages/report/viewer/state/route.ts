/** Where the reader is: all of it stands behind the `#`, so every view can be sent, kept, and gone back to. */
import { signal } from "@preact/signals"

export interface Route {
  /** `samples`, `sample`, …; `overview` where nothing is said. */
  view: string
  /** What it shows: the key of a sample. */
  of?: string
  query: URLSearchParams
}

const empty = new URLSearchParams()

function parseRoute(hash: string): Route {
  const text = hash.replace(/^#\/?/, "")
  const cut = text.indexOf("?")
  const [path, query] = cut < 0 ? [text, empty] : [text.slice(0, cut), new URLSearchParams(text.slice(cut + 1))]
  const [view = "", ...rest] = path.split("/")
  return { view: view || "overview", of: rest.length > 0 ? decoded(rest.join("/")) : undefined, query }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Values = Readonly<Record<string, string | number | undefined>>

/** Values that are not there, or empty, leave no trace in the link. */
export function linkTo(view: string, of?: string, values: Values = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== "") query.set(name, String(value))
  const path = [
    view === "overview" ? "" : view,
    ...(of === undefined ? [] : [encodeURIComponent(of.toWellFormed())]),
  ].join("/")
  return `#/${path}${query.size > 0 ? `?${query}` : ""}`
}

export const route = signal<Route>(parseRoute(location.hash))
/** Of the sample browser, as it was left: a trajectory goes back to it. */
export const lastList = signal("#/samples")

addEventListener("hashchange", () => {
  route.value = parseRoute(location.hash)
})

/** Another state of the same view: no step of the back button, as while a word is typed. */
export function replaceQuery(values: Values): void {
  const { view, of, query } = route.value
  const merged = { ...Object.fromEntries(query), ...values }
  const link = linkTo(view, of, merged)
  history.replaceState(history.state, "", link)
  route.value = parseRoute(link)
}

export const goTo = (link: string): void => {
  location.hash = link
}
