export * from "./files/broken-file.ts"
export { cachedFileDigest } from "./files/cached-digest.ts"
export { fileDigest, filesDigest, filesDigestSync } from "./files/digest.ts"
export { diskError, onDisk } from "./files/disk-errors.ts"
export { checkFileVersion, type FileVersion, fileVersion, whileUnchanged } from "./files/file-version.ts"
export { removeLeftovers } from "./files/leftovers.ts"
export { byteLines, type Line, textLines, utf8Lines } from "./files/lines.ts"
export { acquireLock, type Lock, type WaitOptions, waitForLock } from "./files/lock.ts"
export { makeFolder } from "./files/make-folder.ts"
export { type PassageFile, passageFile } from "./files/passages.ts"
export { isRunning } from "./files/process-identity.ts"
export { readTextIfThere } from "./files/read-text.ts"
export { utf8Text } from "./files/utf8-text.ts"
export { syncPath, temporaryBeside, writeFileAtomic } from "./files/write-atomic.ts"
export {
  type AskOptions,
  createEndpointPool,
  type EndpointPool,
  type EndpointPoolOptions,
} from "./http/endpoint-pool.ts"
export { fetchListener } from "./http/fetch-listener.ts"
export { HttpError } from "./http/http-error.ts"
export { createOpenaiClient, type OpenaiClient, type OpenaiReply, type PostOptions } from "./http/openai-client.ts"
export { joinPoolOwner, type OpenaiEndpoints, openaiEndpoints } from "./http/openai-endpoints.ts"
export { type OpenaiServer, officialUrl, openaiServers } from "./http/openai-server.ts"
export type { FromPoolOwner, ToPoolOwner } from "./http/pool-messages.ts"
export { createPoolOwner, type PoolMember, type PoolOwner } from "./http/pool-owner.ts"
export { isRetryableStatus, isTransient, type RetryOptions, withRetry } from "./http/retry.ts"
export { type NoOptions, noOptions, readOptions } from "./options/read-options.ts"
export { type GraceOptions, stopOf, withGrace } from "./parallel/grace.ts"
export { type InTimeOptions, inTime } from "./parallel/in-time.ts"
export { type LetGoOptions, letGo } from "./parallel/let-go.ts"
export { createLimiter, type Limiter } from "./parallel/limiter.ts"
export { inParallel, mapInParallel } from "./parallel/pool.ts"
export { hasPeer, importPeer, type Peer, peersDirectory } from "./peers/peers.ts"
export {
  createRequestMeter,
  type Price,
  type RequestMeter,
  type RequestMeterOptions,
  type Used,
} from "./requests/request-meter.ts"
export { answeringBy } from "./values/answering-by.ts"
export { counted } from "./values/counted.ts"
export { errorCode } from "./values/error-code.ts"
export { isObject, parseJson } from "./values/json.ts"
