/**
 * kill -9 by hand, on real processes and files with the nano policy.
 *
 *   npm run faults [-- --rounds 6 --seed 1]          every stage, at any point (scripts/faults/stages.ts)
 *   npm run faults -- --matrix [--folder <folder>]   an experiment, killed twice and moved (scripts/faults/matrix.ts)
 *   npm run faults -- --shards                       2,000 samples in 4 shards, one killed, merged (scripts/faults/shards.ts)
 */
if (process.argv.includes("--shards")) await import("./faults/shards.ts")
else if (process.argv.includes("--matrix")) await import("./faults/matrix.ts")
else await import("./faults/stages.ts")
