/**
 * What k tries at a question would give, estimated without bias from n >= k samples of it: at least one right (pass@k), all
 * right (pass^k), the most frequent answer right (maj@k). Draws without replacement, counted and not sampled.
 * Invariant: with k = 1 all three are the share of right samples. Over questions, their mean has its `meanInterval`.
 * Sources: Chen et al. (2021), arXiv 2107.03374; Yao et al. (2024), arXiv 2406.12045 (pass^k).
 */
import { checkCount } from "./checks.ts"

/** 1 - C(n-c, k) / C(n, k) for c right ones among n samples of one question. */
export function passAtK(n: number, right: number, k: number): number {
  checkDraws(n, right, k)
  if (n - right < k) return 1
  let none = 1
  for (let i = n - right + 1; i <= n; i += 1) none *= 1 - k / i
  return 1 - none
}

/** C(c, k) / C(n, k). */
export function passHatK(n: number, right: number, k: number): number {
  checkDraws(n, right, k)
  let all = 1
  for (let i = 0; i < k; i += 1) all *= (right - i) / (n - i)
  return Math.max(0, all)
}

/**
 * The chance that the most frequent of k drawn answers is a right one; of equally frequent ones each is taken as often.
 * `answers`: how often each answer was given to one question, and whether it is right.
 */
export function majorityAtK(answers: readonly { count: number; right: boolean }[], k: number): number {
  const n = answers.reduce((sum, { count }) => sum + count, 0)
  checkDraws(n, 0, k)
  let wins = 0
  answers.forEach((answer, own) => {
    if (!answer.right) return
    const others = answers.filter((_, index) => index !== own).map(({ count }) => count)
    for (let votes = 1; votes <= Math.min(answer.count, k); votes += 1) {
      const ways = drawsBelow(others, votes, k - votes)
      ways.forEach((share, ties) => {
        wins += Math.exp(logChoose(answer.count, votes) - logChoose(n, k)) * (share / (ties + 1))
      })
    }
  })
  return Math.min(1, wins)
}

/** Ways to draw `total` from groups with at most `most` of each, by how many groups have exactly `most`. */
function drawsBelow(groups: readonly number[], most: number, total: number): number[] {
  let ways = new Map<string, number>([["0 0", 1]])
  for (const size of groups) {
    const next = new Map<string, number>()
    for (const [state, count] of ways) {
      const [drawn, ties] = state.split(" ").map(Number) as [number, number]
      for (let taken = 0; taken <= Math.min(size, most, total - drawn); taken += 1) {
        const key = `${drawn + taken} ${ties + (taken === most ? 1 : 0)}`
        next.set(key, (next.get(key) ?? 0) + count * Math.exp(logChoose(size, taken)))
      }
    }
    ways = next
  }
  const byTies: number[] = []
  for (const [state, count] of ways) {
    const [drawn, ties] = state.split(" ").map(Number) as [number, number]
    if (drawn === total) byTies[ties] = (byTies[ties] ?? 0) + count
  }
  return Array.from(byTies, (count) => count ?? 0)
}

const logFactorials = [0]
function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i += 1) logFactorials.push(logFactorials[i - 1]! + Math.log(i))
  return logFactorials[n]!
}
const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

function checkDraws(n: number, right: number, k: number): void {
  checkCount(n, "n")
  checkCount(right, "right")
  checkCount(k, "k")
  if (right > n) throw new Error(`right is ${right} of n = ${n}: there cannot be more right samples than samples.`)
  if (k < 1 || k > n) throw new Error(`k is ${k}: of ${n} samples, 1 to ${n} can be drawn.`)
}
