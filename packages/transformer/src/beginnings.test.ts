import fc from "fast-check"
import { expect, test } from "vitest"
import { shareBeginnings } from "./beginnings.ts"
import { commonPrefix, compareSequences } from "./common-prefix.ts"

const run = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i)
const asked = (tokenIds: number[], rows = 1) => ({ tokenIds, rows })

test("samples of one question hold it once; questions that begin alike hold what they begin with once", () => {
  const head = run(0, 50)
  expect(shareBeginnings([asked([...head, 60], 8)], [])).toEqual([
    { beginning: { prompt: 0, length: 51 }, members: [{ prompt: 0, shared: 51 }] },
  ])
  const questions = run(60, 5).map((id) => asked([...head, id, 1]))
  expect(shareBeginnings(questions, [])).toEqual([
    { beginning: { prompt: 0, length: 50 }, members: run(0, 5).map((prompt) => ({ prompt, shared: 50 })) },
  ])
})

test("a conversation that comes back joins what is there of it, as long as that is worth it", () => {
  const standing = [run(0, 50), [...run(0, 50), 60, 61]].map((tokenIds) => ({ tokenIds, layers: [] }))
  const back = asked([...run(0, 50), 60, 61, 7, 8])
  expect(shareBeginnings([back], standing)).toEqual([{ beginning: standing[1], members: [{ prompt: 0, shared: 52 }] }])
  const stranger = asked([...run(0, 20), ...run(100, 30)])
  expect(shareBeginnings([stranger], standing)).toEqual([{ members: [{ prompt: 0, shared: 0 }] }])
})

test("every prompt is there once, and shares no more than it really begins with", () => {
  const ids = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 })
  const long = ids.map((few) => few.flatMap((id) => run(100 * id, 20)))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(long, fc.integer({ min: 1, max: 5 })), { maxLength: 9 }),
      fc.array(long),
      (all, held) => {
        const unique = new Map(all.map(([tokenIds, rows]) => [tokenIds.join(), asked(tokenIds, rows)]))
        const prompts = [...unique.values()].sort((a, b) => compareSequences(a.tokenIds, b.tokenIds))
        const standing = held.map((tokenIds) => ({ tokenIds, layers: [] }))
        const sharings = shareBeginnings(prompts, standing)
        expect(sharings.flatMap(({ members }) => members.map(({ prompt }) => prompt)).sort((a, b) => a - b)).toEqual(
          run(0, prompts.length),
        )
        for (const { beginning, members } of sharings)
          for (const { prompt, shared } of members) {
            if (beginning === undefined) expect(shared).toBe(0)
            else {
              const tokenIds =
                "prompt" in beginning
                  ? prompts[beginning.prompt]!.tokenIds.slice(0, beginning.length)
                  : beginning.tokenIds
              expect(shared).toBe(commonPrefix(tokenIds, prompts[prompt]!.tokenIds))
            }
          }
      },
    ),
  )
})
