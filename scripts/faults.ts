/**
 * What goes wrong on purpose, on real processes, files and disks.
 *
 *   npm run faults [-- --samples 10000 --seed 1]     a server that fails in every way, kills, jumps of the clock (scripts/faults/load.ts),
 *                                                    then full and read-only disks (scripts/faults/disk.ts)
 *   npm run faults -- --load | --disk                one of the two
 *   npm run faults -- --stages [--rounds 6]          kill -9 in every stage, at any point, with the nano policy (scripts/faults/stages.ts)
 *   npm run faults -- --matrix [--folder <folder>]   an experiment, killed twice and moved (scripts/faults/matrix.ts)
 *   npm run faults -- --shards                       2,000 samples in 4 shards, one killed, merged (scripts/faults/shards.ts)
 */
const isAsked = (part: string): boolean => process.argv.includes(`--${part}`)

if (isAsked("shards")) await import("./faults/shards.ts")
else if (isAsked("matrix")) await import("./faults/matrix.ts")
else if (isAsked("stages") || isAsked("rounds")) await import("./faults/stages.ts")
else {
  if (!isAsked("disk")) await import("./faults/load.ts")
  if (!isAsked("load")) await import("./faults/disk.ts")
}
