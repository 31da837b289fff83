/** Remote files into the cache folder. An entry point of its own: who downloads nothing loads no client of the hub. */
export { download } from "./download.ts"
export { fetchedModel, findHubModel, type HubModel, hubModel } from "./hub-model.ts"
export type { HostFile, HubFile, RemoteFile } from "./remote-file.ts"
