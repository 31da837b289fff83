/** What people are told of servers. No user, password or key is in any of it: names and messages have none. */
import { CommandEnd, errorMessage } from "@swirl-ts/core"
import { counted } from "../values/counted.ts"
import type { Endpoint } from "./endpoint.ts"

const seconds = (milliseconds: number): string => `${Math.max(1, Math.round(milliseconds / 1000))} s`

function failureOf({ name, lastFailure }: Endpoint): string {
  const message = errorMessage(lastFailure)
  return message.includes(name) ? message : `${name}: ${message}`
}

export function isDown(endpoint: Endpoint, waiting: number, patience: number): string {
  const whoWaits = waiting > 0 ? ` ${counted(waiting, "request")} ${waiting === 1 ? "waits" : "wait"} meanwhile.` : ""
  const until = Number.isFinite(patience) ? ` for ${seconds(patience)}` : ""
  return `${failureOf(endpoint)} It is asked again by one request at a time${until}.${whoWaits}`
}

export const isBack = ({ name }: Endpoint): string => `${name} answers again.`

export const isSilent = ({ name }: Endpoint, milliseconds: number, count: number): string =>
  `${name} has answered nothing for ${seconds(milliseconds)}, with ${counted(count, "request")} in flight: ended, and sent again.`

export const pauses = ({ name }: Endpoint, milliseconds: number): string =>
  `${name} takes no more requests for now: waiting ${seconds(milliseconds)}.`

export function nobodyAnswers(endpoints: readonly Endpoint[], now: number): CommandEnd {
  const who = endpoints.length === 1 ? "The server has not" : `None of ${endpoints.length} servers has`
  const since = Math.min(...endpoints.map(({ silentSince }) => silentSince ?? now))
  const pause = Math.min(...endpoints.map(({ limit }) => limit.pausedUntil() - now))
  const what =
    pause <= 0 || endpoints.some(({ count }) => count.isLeftOut)
      ? `${who} answered for ${seconds(now - since)}.`
      : `${endpoints.length === 1 ? "The server asks" : "The servers ask"} to wait ${seconds(pause)}.`
  const said = endpoints.map(failureOf).join(" ")
  return new CommandEnd(
    `${what} ${said} What is done is on disk: run the command again when ${endpoints.length === 1 ? "it is" : "one of them is"} back.`,
    { kind: "usage", cause: endpoints.at(-1)?.lastFailure },
  )
}
