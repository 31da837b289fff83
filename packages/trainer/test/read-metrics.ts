import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { MetricRecord } from "@swirl-ts/core"

/** The records of a training's folder, every line a whole one. */
export async function readMetrics(directory: string): Promise<MetricRecord[]> {
  const text = await readFile(join(directory, "metrics.jsonl"), "utf8")
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
}
