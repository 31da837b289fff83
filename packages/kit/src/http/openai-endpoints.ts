/**
 * OpenAI-compatible servers behind one client a path. Whoever asks the same servers with the same keys in one process shares
 * what is known of them: policy and judge, one cell of a matrix and the next. So do the processes that have one owner of pools.
 */
import { contentHash, type EndpointCount } from "@swirl-ts/core"
import { createEndpointPool, type EndpointPool, type EndpointPoolOptions } from "./endpoint-pool.ts"
import { createMemberPools, type MemberPools } from "./member-pools.ts"
import { createOpenaiClient, type OpenaiClient } from "./openai-client.ts"
import type { OpenaiServer } from "./openai-server.ts"
import type { FromPoolOwner, ToPoolOwner } from "./pool-messages.ts"

export interface OpenaiEndpoints {
  /** `path` begins with a slash; `timeout` is in milliseconds. */
  client(path: string, timeout: number): OpenaiClient
  /** Of all who share them. */
  counts(): EndpointCount[]
}

const shared = new Map<string, EndpointPool>()
let member: MemberPools | undefined

/**
 * From now on another process, the owner, decides when this one asks a server. Once, and before any server is asked; gives
 * what is to be told what the owner says.
 */
export function joinPoolOwner(tell: (message: ToPoolOwner) => void): (message: FromPoolOwner) => void {
  member = createMemberPools(tell)
  return member.hear
}

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
  const names = servers.map(addressOf)
  const create = (): EndpointPool => createEndpointPool(names, options)
  if (Object.keys(own).length > 0) return create()
  // A digest: it is told to other processes, and there are keys in it.
  const asked = servers.map(({ baseUrl, apiKey, headers }) => [baseUrl, apiKey ?? null, headers ?? null])
  const key = contentHash(asked, 64)
  const pool = shared.get(key) ?? member?.open(key, names) ?? create()
  shared.set(key, pool)
  return pool
}

function addressOf({ baseUrl }: OpenaiServer): string {
  const url = new URL(baseUrl)
  url.username = ""
  url.password = ""
  return url.href
}
