/**
 * LanceDB, an optional peer installed on demand outside the workspace. Only what is used is typed here, so that the
 * package type-checks without it.
 */
import type { Host } from "@swirl-ts/core"
import { importPeer, type Peer } from "@swirl-ts/kit"
import { arch, platform } from "@swirl-ts/platform"

export const lancedbVersion = "0.37.1"
const arrowVersion = "18.1.0"

export interface LanceRow {
  index: number
  title?: string
  content?: string
  _distance?: number
  _score?: number
}

interface LanceQuery {
  select(columns: string[]): LanceQuery
  limit(count: number): LanceQuery
  where(condition: string): LanceQuery
  nearestTo(vector: Float32Array): LanceQuery
  distanceType(type: "dot"): LanceQuery
  nprobes(count: number): LanceQuery
  refineFactor(factor: number): LanceQuery
  fullTextSearch(query: unknown, options: { columns: string[] }): LanceQuery
  toArray(): Promise<LanceRow[]>
}

export interface LanceTable {
  add(data: unknown): Promise<unknown>
  createIndex(column: string, options: { config: unknown }): Promise<void>
  optimize(): Promise<unknown>
  countRows(): Promise<number>
  query(): LanceQuery
  close(): void
}

export interface LanceConnection {
  createTable(name: string, data: unknown): Promise<LanceTable>
  openTable(name: string): Promise<LanceTable>
  close(): void
}

export interface LanceModule {
  connect(directory: string): Promise<LanceConnection>
  makeArrowTable(rows: Record<string, unknown>[], options?: { vectorColumns: Record<string, unknown> }): unknown
  Index: {
    fts(options: {
      language: string
      stem: boolean
      removeStopWords: boolean
      asciiFolding: boolean
      withPosition: boolean
    }): unknown
    btree(): unknown
    ivfPq(options: { distanceType: "dot"; numSubVectors?: number }): unknown
  }
  MatchQuery: new (query: string, column: string) => unknown
}

function binaryPackage(): string {
  const system =
    platform() === "win32"
      ? `win32-${arch()}-msvc`
      : platform() === "linux"
        ? `linux-${arch()}-gnu`
        : `darwin-${arch()}`
  return `@lancedb/lancedb-${system}`
}

const peer: Peer = {
  folder: "lancedb",
  module: "@lancedb/lancedb",
  install: `@lancedb/lancedb@${lancedbVersion} ${binaryPackage()}@${lancedbVersion} apache-arrow@${arrowVersion} --omit=optional`,
  need: "This search index needs LanceDB",
}

export const importLancedb = (host: Host): Promise<LanceModule> => importPeer(peer, host)
