/** What is said of a plugin that cannot be used: its origin once, also where the message begins with it. */
import type { Registry } from "@swirl-ts/core"

export const leftOut = ({ origin, message }: Registry["broken"][number]): string =>
  message.startsWith(`${origin} `) ? message : `${origin}: ${message}`
