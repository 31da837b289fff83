export { majorityAtK, passAtK, passHatK } from "./at-k.ts"
export { bcaInterval } from "./bca.ts"
export type { ResamplingOptions } from "./bootstrap.ts"
export { clopperPearsonInterval } from "./clopper-pearson.ts"
export { clusterBootstrap, twoWayBootstrap } from "./cluster-bootstrap.ts"
export { type Confusion, confusion, type JudgedVerdict, type Rate } from "./confusion.ts"
export { cohenDz, cohenH, discordantOdds } from "./effect-size.ts"
export { fisherQuantile } from "./fisher-f.ts"
export { cohenKappa, type KappaInterval, kappaInterval } from "./kappa.ts"
export { mcnemarExact, mcnemarMidP } from "./mcnemar.ts"
export { mean, standardError } from "./mean.ts"
export { clusteredMeanInterval, type MeanEstimate, meanInterval, pairedMeanInterval } from "./mean-interval.ts"
export { benjaminiHochberg, holm } from "./multiple-tests.ts"
export { normalDistribution, normalQuantile } from "./normal.ts"
export {
  interquartileMean,
  interquartileMeanInterval,
  probabilityOfImprovement,
  probabilityOfImprovementInterval,
} from "./over-runs.ts"
export { type BootstrapOptions, type BootstrapResult, pairedBootstrap } from "./paired-bootstrap.ts"
export { type PairedComparison, pairedComparison, type Scores } from "./paired-comparison.ts"
export { pairedPermutation } from "./permutation.ts"
export { discordantDeviation, itemsNeeded, minimumDetectableEffect, type PowerOptions } from "./power.ts"
export { type ScoreEstimate, scoreInterval, unseenShare } from "./score-interval.ts"
export { studentDistribution, studentQuantile, studentTwoSided } from "./student-t.ts"
export { tangoInterval } from "./tango.ts"
export { stratifiedTwoWayInterval, twoWayMeanInterval } from "./two-way-interval.ts"
export { type Estimate, type Interval, wilsonInterval } from "./wilson.ts"
