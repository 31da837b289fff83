/** OpenAI-compatible servers that take turns: clients of their paths share what is known of each server. One alone is asked as it is. */
import type { EndpointCount } from "@swirl-ts/core"
import { createEndpointPool, type EndpointPoolOptions } from "./endpoint-pool.ts"
import { createOpenaiClient, type OpenaiClient } from "./openai-client.ts"
import type { OpenaiServer } from "./openai-server.ts"

export interface OpenaiEndpoints {
  /** `path` begins with a slash; `timeout` is in milliseconds. */
  client(path: string, timeout: number): OpenaiClient
  /** Of several servers; undefined of one. */
  counts: (() => EndpointCount[]) | undefined
}

export function openaiEndpoints(servers: readonly OpenaiServer[], options?: EndpointPoolOptions): OpenaiEndpoints {
  const pool = createEndpointPool(servers.map(addressOf), options)
  return {
    client(path, timeout) {
      const clients = servers.map((server) => createOpenaiClient(server, path, timeout))
      return {
        post: (body, abortSignal, options = {}) =>
          pool.ask((endpoint) => clients[endpoint]!.post(body, abortSignal, options), {
            prefixKey: options.prefixKey,
            abortSignal,
          }),
      }
    },
    counts: servers.length > 1 ? pool.counts : undefined,
  }
}

function addressOf({ baseUrl }: OpenaiServer): string {
  const url = new URL(baseUrl)
  url.username = ""
  url.password = ""
  return url.href
}
