/** What is tried, part by part: every statement is told when it holds, the time of every part at the end. */
const times = []

export async function part(name, run) {
  process.stdout.write(`— ${name}\n`)
  const start = performance.now()
  const result = await run()
  times.push({ name, seconds: (performance.now() - start) / 1000 })
  return result
}

export function expect(what, holds, details = "") {
  if (!holds) throw new Error(`e2e: it does not hold that ${what}. ${details}`)
  process.stdout.write(`  ${what}\n`)
}

export const timesTold = () =>
  times.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}\n`).join("")
