/**
 * What the processes of one command say to each other of the servers that they ask together. One owns the pools: it decides
 * when a call is sent and where, and hears how each ended. The members make the requests: no question, answer or key leaves them.
 */
import { CommandEnd, type ErrorKind, errorMessage } from "@swirl-ts/core"
import { errorCode } from "../values/error-code.ts"
import { HttpError } from "./http-error.ts"

/** Of one endpoint, as all processes together know it. */
export interface EndpointState {
  leftOut: number
  isLeftOut: boolean
  window?: number
  pace?: number
}

/** `pool`: a digest of its servers and their keys; `call`: counted by the member. */
export type ToPoolOwner =
  | { kind: "open"; pool: string; names: string[] }
  | { kind: "ask"; pool: string; call: number; prefixKey?: string }
  | { kind: "answered"; call: number }
  | { kind: "failed"; call: number; failure: PassingFailure }
  /** Its caller waits for it no more. */
  | { kind: "left"; call: number }

export type FromPoolOwner =
  | { kind: "send"; call: number; endpoint: number; state: EndpointState }
  /** The server is silent: the request is to be ended, and its failure told. */
  | { kind: "end"; call: number; message: string }
  /** `failure`: which of the call's own, counted from 0. */
  | { kind: "rejected"; call: number; failure: number }
  | { kind: "ended"; call: number; message: string; errorKind: ErrorKind }
  | { kind: "states"; pool: string; states: EndpointState[] }

/** A failure that may pass, with what the owner goes by. */
export interface PassingFailure {
  message: string
  statusCode?: number
  code?: string
  /** When to come back. */
  responseHeaders: Record<string, string>
}

const told = ["retry-after", "retry-after-ms", "date"]

export function failureTold(error: unknown): PassingFailure {
  const { statusCode, responseHeaders = {}, cause } = error as Partial<HttpError>
  return {
    message: errorMessage(error),
    statusCode,
    code: errorCode(error) ?? errorCode(cause),
    responseHeaders: Object.fromEntries(Object.entries(responseHeaders).filter(([name]) => told.includes(name))),
  }
}

export const failureHeard = ({ message, code, ...more }: PassingFailure): HttpError =>
  new HttpError(message, { ...more, isRetryable: true, cause: code === undefined ? undefined : { code } })

export const endHeard = ({ message, errorKind }: { message: string; errorKind: ErrorKind }): CommandEnd =>
  new CommandEnd(message, { kind: errorKind })
