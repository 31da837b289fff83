import { resolve } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { checkIsShard, type JudgedAgainst, judge, judgeAgainst, takeShard } from "@swirl-ts/stages"
import { namedJudges } from "../options/requests.ts"
import {
  cacheOptions,
  dataOptions,
  judgeModelOptions,
  requestOptions,
  runOptions,
  shard,
  stepJudge,
} from "../options/tables.ts"
import { path, share } from "../options/values.ts"
import { comparedDocument, comparedLines } from "../render/compared-judges.ts"
import { calibrationDocument, calibrationLines, isCompared } from "../render/judge-calibration.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "judge",
  description: "a verdict for every step of the run's trajectories; run again to continue",
  options: {
    judge: {
      ...stepJudge,
      help: "judges and oracle judges: swirl list; a+b for what both call good; with --calibrate also several, as a,b",
    },
    noise: { value: "<share>", help: "flip this share of verdicts, to study judges", parse: share },
    calibrate: {
      value: "[oracle or file]",
      help: "compare on the same steps: with an oracle judge (default: those of the benchmarks), or with labels { trajectoryId, step, verdict } in a JSON Lines file; several judges, and several settings of one, also with each other by the official score",
    },
    shard: {
      ...shard,
      help: "the folder is this shard; with --from, judge this part of what another folder holds, in the folder --run",
    },
    from: {
      value: "<run folder>",
      help: "with --shard: where the trajectories are; those of every n-th question are copied",
      parse: path,
    },
    ...dataOptions,
    ...runOptions,
    ...judgeModelOptions,
    ...requestOptions,
    ...cacheOptions,
  },
  isStreaming: true,
  async run(context, given) {
    const { calibrate, shard, from } = given
    if (from && !shard)
      throw new SwirlError(
        "--from takes a part of another folder's trajectories, and --shard i/n says which. Give both, or judge that folder itself (--run).",
        { kind: "usage" },
      )
    if (shard) {
      if (from) await takeShard(resolve(context.host.workingDirectory, from), context.directory, shard)
      else await checkIsShard(context.directory, shard)
    }
    const judges = namedJudges(context, given)
    const against = calibrate === true ? undefined : calibrate
    if (!calibrate && judges.length > 1)
      throw new SwirlError(
        `--judge names ${judges.length} judges, which is for --calibrate: it compares them. Name one, and run the command once more for each other.`,
        { kind: "usage" },
      )
    const result: Pick<JudgedAgainst, "judged"> & Partial<JudgedAgainst> = calibrate
      ? await judgeAgainst(context, { judges, against })
      : { judged: [await judge(context, judges[0]!)] }
    return { ...result, directory: context.directory }
  },
  document: ({ judged, calibration, labelsElsewhere, compared }) => ({
    ...judged[0]!,
    judges: judged.length > 1 ? judged : undefined,
    calibration: calibration?.map(calibrationDocument),
    labelsElsewhere,
    compared: compared?.map(comparedDocument),
  }),
  text: ({ judged, against = "", calibration, labelsElsewhere, compared, directory }) => [
    ...judged.flatMap((each) => [
      `${each.judge}${each.oracle ? " (oracle: knows the task)" : ""}: ${each.judged} steps judged now, ${each.skipped} were judged before`,
      `${each.good} good, ${each.bad} bad, ${each.unscored} unscored${each.skipped > 0 ? ", of those judged now" : ""}`,
      ...Object.entries(each.unscoredReasons).map(([reason, count]) => `  unscored: ${count} x ${reason}`),
    ]),
    ...(calibration && (against !== "" || !compared) ? calibrationLines(calibration, against, judged.length > 1) : []),
    ...(labelsElsewhere ? [`${labelsElsewhere} labels are about trajectories that are not in ${directory}`] : []),
    ...(compared ? comparedLines(compared) : []),
  ],
  exitCode: ({ judged, calibration, compared }) =>
    judged.some(({ unscored }) => unscored > 0) || (calibration && !compared && !isCompared(calibration)) ? 3 : 0,
})
