/** Small corpora, one a task: 1,000 worlds of 100 one-sentence passages are bound, and each is asked for one of them. */
import { seedFrom } from "@swirl-ts/core"
import { searchTool } from "@swirl-ts/tools-search"

const relations = ["mayor", "capital", "founder", "rival", "twin"]

/** A row for the table: milliseconds a world to bind, and a query. Throws when a right passage does not come first. */
export async function measureWorlds(): Promise<Record<string, string | number>> {
  const worlds = Array.from({ length: 1000 }, (_, world) => {
    const names = Array.from({ length: 20 }, (_, i) => name(world, i))
    return names.flatMap((subject, i) =>
      relations.map((relation, j) => ({
        title: subject,
        text: `the ${relation} of ${subject} is ${names[(i + j + 1) % 20]} .`,
      })),
    )
  })
  const tool = searchTool({}, worlds.length)
  const bind = (i: number) =>
    tool.bind({ corpus: { id: `world-${i}`, passages: () => worlds[i]! }, options: { format: "text" } })
  await bind(0)
  let start = performance.now()
  const bound = await Promise.all(worlds.map((_, i) => bind(i)))
  const bindSeconds = (performance.now() - start) / 1000
  let right = 0
  const times: number[] = []
  for (const [i, passages] of worlds.entries()) {
    const passage = passages[i % 100]!
    const query = `${passage.title} ${passage.text.split(" ")[1]}`
    start = performance.now()
    if ((await bound[i]!.execute({ query }, { toolCallId: "1", messages: [] })) === passage.text) right++
    times.push(performance.now() - start)
  }
  if (right < worlds.length) throw new Error(`only ${right} of ${worlds.length} worlds gave the right passage first`)
  times.sort((a, b) => a - b)
  return {
    engine: "BM25 in memory, 1,000 worlds of their own",
    passages: 100_000,
    "p50 ms": Number(times[500]!.toPrecision(3)),
    "p95 ms": Number(times[950]!.toPrecision(3)),
    "build s": Number(bindSeconds.toFixed(2)),
    "passages/s": Math.round(100_000 / bindSeconds),
  }
}

/** A name of three syllables, from 5,000. */
function name(world: number, i: number): string {
  let number = seedFrom("search-bench", world, i) % 5000
  let text = ""
  for (let syllable = 0; syllable < 3; syllable++, number = Math.floor(number / 20))
    text += "bcdfghjklmnprstvwxyz"[number % 20]! + "aeio"[number % 4]
  return text
}
