/**
 * OpenAI-compatible servers behind one client a path. Whoever asks the same servers with the same keys in one process shares
 * what is known of them: policy and judge, one cell of a matrix and the next.
 */
import type { EndpointCount } from "@swirl-ts/core"
import { createEndpointPool, type EndpointPool, type EndpointPoolOptions } from "./endpoint-pool.ts"
import { createOpenaiClient, type OpenaiClient } from "./openai-client.ts"
import type { OpenaiServer } from "./openai-server.ts"

export interface OpenaiEndpoints {
  /** `path` begins with a slash; `timeout` is in milliseconds. */
  client(path: string, timeout: number): OpenaiClient
  /** Of all who share them. */
  counts(): EndpointCount[]
}

const shared = new Map<string, EndpointPool>()

/** With `options` of its own a pool is shared with nobody. */
export function openaiEndpoints(servers: readonly OpenaiServer[], options?: EndpointPoolOptions): OpenaiEndpoints {
  const pool = poolOf(servers, options)
  return {
    client(path, timeout) {
      const clients = servers.map((server) => createOpenaiClient(server, path, timeout))
      return {
        post: (body, abortSignal, options = {}) =>
          pool.ask((endpoint, signal) => clients[endpoint]!.post(body, signal, options), {
            prefixKey: options.prefixKey,
            abortSignal,
          }),
      }
    },
    counts: pool.counts,
  }
}

function poolOf(servers: readonly OpenaiServer[], options: EndpointPoolOptions = {}): EndpointPool {
  const { tell, ...own } = options
  const create = (): EndpointPool => createEndpointPool(servers.map(addressOf), options)
  if (Object.keys(own).length > 0) return create()
  const key = JSON.stringify(servers.map(({ baseUrl, apiKey, headers }) => [baseUrl, apiKey, headers]))
  const pool = shared.get(key) ?? create()
  shared.set(key, pool)
  return pool
}

function addressOf({ baseUrl }: OpenaiServer): string {
  const url = new URL(baseUrl)
  url.username = ""
  url.password = ""
  return url.href
}
